package podgate.ci.duplicate_key_test

import data.podgate.ci.duplicate_key

import rego.v1

test_fail_doubled if {
	note := {"kind": "duplicate-key", "pointer": "/spec/hostPID", "field": "hostPID"}
	duplicate_key.violation == {{
		"msg": `key "hostPID" is written twice in one mapping; the last one counts`,
		"details": {"pointer": "/spec/hostPID", "at": "key", "severity": "high"},
	}} with input as {"notes": [note], "review": {"object": {"kind": "Pod"}}}
}

test_fail_harmless_key if {
	note := {"kind": "duplicate-key", "pointer": "/spec/tolerations", "field": "tolerations"}
	duplicate_key.violation == {{
		"msg": `key "tolerations" is written twice in one mapping; the last one counts`,
		"details": {"pointer": "/spec/tolerations", "at": "key", "severity": "medium"},
	}} with input as {"notes": [note], "review": {"object": {"kind": "Pod"}}}
}

test_success_other_notes if {
	note := {"kind": "unknown-field", "pointer": "/spec/a", "field": "a", "nearest": null}
	duplicate_key.violation == set() with input as {"notes": [note], "review": {"object": {"kind": "Pod"}}}
}

test_success_no_notes if {
	duplicate_key.violation == set() with input as {"kind": "Pod"}
}
