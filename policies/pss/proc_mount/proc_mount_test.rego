package podgate.pss.proc_mount_test

import rego.v1

import data.podgate.pss.proc_mount as policy

test_fail if {
	violations := policy.violation with input as _pod(_unmasked)
	violations == {
		{
			"msg": "container \"build\" must not set securityContext.procMount to \"Unmasked\"",
			"details": {"container": "build", "path": "/spec/containers/0/securityContext/procMount"},
		},
		{
			"msg": "container \"empty\" must not set securityContext.procMount to \"\"",
			"details": {"container": "empty", "path": "/spec/containers/1/securityContext/procMount"},
		},
	}
}

test_fail_user_namespace_before_it_counted if {
	spec := object.union(_unmasked, {"hostUsers": false})
	every level in ["baseline", "restricted"] {
		violations := policy.violation with input as _at(level, ["v1.34"], spec)
		count(violations) == 2
	}
}

test_fail_in_one_of_several_versions if {
	spec := object.union(_unmasked, {"hostUsers": false})
	violations := policy.violation with input as _at("baseline", ["v1.35", "v1.0"], spec)
	count(violations) == 2
}

test_success_user_namespace if {
	spec := object.union(_unmasked, {"hostUsers": false})
	violations := policy.violation with input as _at("baseline", ["v1.35"], spec)
	violations == set()
}

test_success_restricted_has_its_own_check if {
	violations := policy.violation with input as _at("restricted", ["v1.35"], _unmasked)
	violations == set()
}

test_success_default if {
	violations := policy.violation with input as _pod({"containers": [
		{"name": "default", "securityContext": {"procMount": "Default"}},
		{"name": "null", "securityContext": {"procMount": null}},
	]})
	violations == set()
}

_unmasked := {"containers": [
	{"name": "build", "securityContext": {"procMount": "Unmasked"}},
	{"name": "empty", "securityContext": {"procMount": ""}},
]}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}

_at(level, versions, spec) := object.union(_pod(spec), {"parameters": {"podSecurity": {level: versions}}})
