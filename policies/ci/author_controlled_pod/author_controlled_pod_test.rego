package podgate.ci.author_controlled_pod_test

import rego.v1

import data.podgate.ci.author_controlled_pod

_review(notes) := {"notes": notes, "review": {"object": {"kind": "Pod", "spec": {"containers": []}}}}

_note := {
	"kind": "setting",
	"name": "author-pod",
	"pointer": "/steps/0/plugins/0/kubernetes",
	"field": "plugins",
	"values": [],
}

test_fail_setting if {
	expected := {{"msg": "`plugins` lets whoever writes this file decide what the pod may do", "details": {"pointer": _note.pointer}}}
	violations := author_controlled_pod.violation with input as _review([_note])
	violations == expected
}

test_success_other_settings if {
	violations := author_controlled_pod.violation with input as _review([object.union(_note, {"name": "other"})])
	violations == set()
}

test_success_no_notes if {
	violations := author_controlled_pod.violation with input as {"kind": "Pod", "spec": {"containers": []}}
	violations == set()
}
