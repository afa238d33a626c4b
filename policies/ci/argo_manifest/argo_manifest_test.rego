package podgate.ci.argo_manifest_test

import rego.v1

import data.podgate.ci.argo_manifest

_review(notes) := {"notes": notes, "review": {"object": {"kind": "Pod", "spec": {"containers": []}}}}

_pointer := "/spec/templates/0/resource/manifest"

test_fail_create if {
	expected := {{
		"msg": "the pod may create objects of the cluster with its service account",
		"details": {"pointer": _pointer, "severity": "info"},
	}}
	note := {"kind": "creates", "pointer": _pointer, "field": "resource", "action": "create", "open": false}
	violations := argo_manifest.violation with input as _review([note])
	violations == expected
}

test_fail_what_is_filled_in if {
	expected := {{
		"msg": concat(" ", [
			"the pod may change objects of the cluster with its service account,",
			"and whoever chooses what is filled into the manifest chooses which",
		]),
		"details": {"pointer": _pointer, "severity": "medium"},
	}}
	note := {"kind": "creates", "pointer": _pointer, "field": "resource", "action": "{{x}}", "open": true}
	violations := argo_manifest.violation with input as _review([note])
	violations == expected
}

test_success_other_notes if {
	note := {"kind": "reference", "pointer": "/spec/templateRef", "field": "templateRef"}
	violations := argo_manifest.violation with input as _review([note])
	violations == set()
}

test_success_no_notes if {
	violations := argo_manifest.violation with input as {"kind": "Pod", "spec": {"containers": []}}
	violations == set()
}
