package podgate.ci.patch_unresolved_test

import rego.v1

import data.podgate.ci.patch_unresolved

_review(notes) := {"notes": notes, "review": {"object": {"kind": "Pod", "spec": {"containers": []}}}}

test_fail_open_patch if {
	note := {
		"kind": "open-patch",
		"pointer": "/spec/podSpecPatch",
		"field": "podSpecPatch",
		"reason": "parameters are filled in",
	}
	expected := {{
		"msg": `"podSpecPatch" changes the pod in a way that is not known: parameters are filled in`,
		"details": {"pointer": "/spec/podSpecPatch"},
	}}
	violations := patch_unresolved.violation with input as _review([note])
	violations == expected
}

test_fail_reference if {
	note := {"kind": "reference", "pointer": "/spec/steps/0/ref", "field": "ref"}
	expected := {{
		"msg": `"ref" refers to what is written elsewhere: what that brings was not judged here`,
		"details": {"pointer": "/spec/steps/0/ref", "severity": "info"},
	}}
	violations := patch_unresolved.violation with input as _review([note])
	violations == expected
}

test_success_other_notes if {
	note := {"kind": "duplicate-key", "pointer": "/spec/hostPID", "field": "hostPID"}
	violations := patch_unresolved.violation with input as _review([note])
	violations == set()
}

test_success_no_notes if {
	violations := patch_unresolved.violation with input as {"kind": "Pod", "spec": {"containers": []}}
	violations == set()
}
