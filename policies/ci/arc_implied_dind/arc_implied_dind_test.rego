package podgate.ci.arc_implied_dind_test

import rego.v1

import data.podgate.ci.arc_implied_dind

_review(notes) := {"notes": notes, "review": {"object": {"kind": "Pod", "spec": {"containers": []}}}}

_note(field, value) := {
	"kind": "setting",
	"name": "arc-docker",
	"pointer": "/spec/template/spec",
	"field": field,
	"values": [value],
}

_found(msg) := {{"msg": msg, "details": {"pointer": "/spec/template/spec"}}}

test_fail_by_default if {
	expected := _found(concat(" ", [
		"the controller gives the runner a privileged Docker daemon:",
		"`dockerEnabled` is not written, and true by default",
	]))
	violations := arc_implied_dind.violation with input as _review([_note("dockerEnabled", "default")])
	violations == expected
}

test_fail_as_written if {
	expected := _found("the controller gives the runner a privileged Docker daemon in a container beside it")
	violations := arc_implied_dind.violation with input as _review([_note("dockerEnabled", "written")])
	violations == expected
}

test_fail_in_the_runner if {
	note := _note("dockerdWithinRunnerContainer", "written")
	expected := _found("the controller gives the runner a privileged Docker daemon in its own container")
	violations := arc_implied_dind.violation with input as _review([note])
	violations == expected
}

test_success_other_settings if {
	note := object.union(_note("dockerEnabled", "default"), {"name": "other"})
	violations := arc_implied_dind.violation with input as _review([note])
	violations == set()
}

test_success_no_notes if {
	violations := arc_implied_dind.violation with input as {"kind": "Pod", "spec": {"containers": []}}
	violations == set()
}
