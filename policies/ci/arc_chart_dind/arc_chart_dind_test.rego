package podgate.ci.arc_chart_dind_test

import rego.v1

import data.podgate.ci.arc_chart_dind

_review(notes) := {"notes": notes, "review": {"object": {"kind": "Pod", "spec": {"containers": []}}}}

_note := {
	"kind": "setting",
	"name": "arc-container-mode",
	"pointer": "/containerMode/type",
	"field": "containerMode",
	"values": ["dind"],
}

test_fail_dind if {
	expected := {{
		"msg": "the mode dind adds a privileged Docker daemon to every runner",
		"details": {"pointer": "/containerMode/type"},
	}}
	violations := arc_chart_dind.violation with input as _review([_note])
	violations == expected
}

test_success_other_settings if {
	violations := arc_chart_dind.violation with input as _review([object.union(_note, {"name": "other"})])
	violations == set()
}

test_success_no_notes if {
	violations := arc_chart_dind.violation with input as {"kind": "Pod", "spec": {"containers": []}}
	violations == set()
}
