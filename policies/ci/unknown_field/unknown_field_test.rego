package podgate.ci.unknown_field_test

import data.podgate.ci.unknown_field

import rego.v1

_review(notes) := {"notes": notes, "review": {"object": {"kind": "Pod", "spec": {"containers": []}}}}

test_fail_misspelled if {
	note := {"kind": "unknown-field", "pointer": "/spec/hostPd", "field": "hostPd", "nearest": "hostPID"}
	unknown_field.violation == {{
		"msg": `field "hostPd" is unknown here and has no effect; did you mean "hostPID"?`,
		"details": {"pointer": "/spec/hostPd", "at": "key"},
	}} with input as _review([note])
}

test_fail_unlike_any if {
	note := {"kind": "unknown-field", "pointer": "/spec/zzz", "field": "zzz", "nearest": null}
	unknown_field.violation == {{
		"msg": `field "zzz" is unknown here and has no effect`,
		"details": {"pointer": "/spec/zzz", "at": "key"},
	}} with input as _review([note])
}

test_success_other_notes if {
	note := {"kind": "duplicate-key", "pointer": "/spec/hostPID", "field": "hostPID"}
	unknown_field.violation == set() with input as _review([note])
}

test_success_no_notes if {
	unknown_field.violation == set() with input as {"kind": "Pod", "spec": {"hostPd": true}}
}
