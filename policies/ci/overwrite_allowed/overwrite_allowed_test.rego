package podgate.ci.overwrite_allowed_test

import rego.v1

import data.podgate.ci.overwrite_allowed

_review(notes) := {"notes": notes, "review": {"object": {"kind": "Pod", "spec": {"containers": []}}}}

_note := _with(".*")

_with(pattern) := {
	"kind": "setting",
	"name": "overwrite-allowed",
	"pointer": "/runners/0/kubernetes/service_account_overwrite_allowed",
	"field": "service_account_overwrite_allowed",
	"values": [pattern],
}

_found(msg, severity) := {{"msg": msg, "details": {"pointer": _note.pointer, "severity": severity}}}

test_fail_anything if {
	every pattern in [".*", "^.*$", "true", ".+", "^[a-z0-9-]+$", "(?i)^[A-Z0-9-]*$", "^ci|.*$", "^[^=]+=.*$"] {
		msg := sprintf("service_account_overwrite_allowed (%v) lets jobs choose anything", [pattern])
		violations := overwrite_allowed.violation with input as _review([_with(pattern)])
		violations == _found(msg, "high")
	}
}

test_fail_not_bound if {
	every pattern in ["ci-.*", "^ci", "ci$", "^ci|test$", "^(a|b)|c$", "[", "^ci-[a-z]*$|x"] {
		msg := sprintf(
			"service_account_overwrite_allowed (%v) lets jobs choose any name with that in it: bind it by ^ and $",
			[pattern],
		)
		violations := overwrite_allowed.violation with input as _review([_with(pattern)])
		violations == _found(msg, "medium")
	}
}

test_success_bound if {
	every pattern in ["^ci-[a-z]+$", "^(ci|test)-[a-z|]+$", `^ci\|test$`, "^((a|b)|c)$", "^team=[a-z]+$"] {
		violations := overwrite_allowed.violation with input as _review([_with(pattern)])
		violations == set()
	}
}

test_success_other_settings if {
	violations := overwrite_allowed.violation with input as _review([object.union(_note, {"name": "other"})])
	violations == set()
}

test_success_no_notes if {
	violations := overwrite_allowed.violation with input as {"kind": "Pod", "spec": {"containers": []}}
	violations == set()
}
