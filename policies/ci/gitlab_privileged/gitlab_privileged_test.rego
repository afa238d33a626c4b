package podgate.ci.gitlab_privileged_test

import rego.v1

import data.podgate.ci.gitlab_privileged

_review(notes) := {"notes": notes, "review": {"object": {"kind": "Pod", "spec": {"containers": []}}}}

_note := {
	"kind": "setting",
	"name": "gitlab-privileged",
	"pointer": "/runners/0/kubernetes/privileged",
	"field": "privileged",
	"values": ["helper", "service"],
}

test_fail_privileged if {
	expected := {{
		"msg": "the runner makes containers of every job privileged (helper, service)",
		"details": {"pointer": "/runners/0/kubernetes/privileged"},
	}}
	violations := gitlab_privileged.violation with input as _review([_note])
	violations == expected
}

test_success_other_settings if {
	violations := gitlab_privileged.violation with input as _review([object.union(_note, {"name": "other"})])
	violations == set()
}

test_success_no_notes if {
	violations := gitlab_privileged.violation with input as {"kind": "Pod", "spec": {"containers": []}}
	violations == set()
}
