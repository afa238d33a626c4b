package podgate.ci.wrong_type_test

import data.podgate.ci.wrong_type

import rego.v1

_note(truthy) := {
	"kind": "wrong-type",
	"pointer": "/spec/hostPID",
	"field": "hostPID",
	"wanted": "a boolean",
	"found": "a string",
	"truthy": truthy,
}

test_fail_truthy if {
	wrong_type.violation == {{
		"msg": `field "hostPID" must be a boolean and is a string`,
		"details": {"pointer": "/spec/hostPID", "severity": "medium"},
	}} with input as {"notes": [_note(true)], "review": {"object": {"kind": "Pod"}}}
}

test_fail_falsy if {
	wrong_type.violation == {{
		"msg": `field "hostPID" must be a boolean and is a string`,
		"details": {"pointer": "/spec/hostPID", "severity": "low"},
	}} with input as {"notes": [_note(false)], "review": {"object": {"kind": "Pod"}}}
}

test_success_no_notes if {
	wrong_type.violation == set() with input as {"kind": "Pod", "spec": {"hostPID": "true"}}
}
