package podgate.pss.se_linux_options_test

import rego.v1

import data.podgate.pss.se_linux_options as policy

test_fail if {
	violations := policy.violation with input as _pod({
		"securityContext": {"seLinuxOptions": {"type": "spc_t", "level": "s0"}},
		"containers": [
			{"name": "build", "securityContext": {"seLinuxOptions": {"user": "system_u", "role": "r", "type": ""}}},
			{"name": "good", "securityContext": {"seLinuxOptions": {"type": "container_kvm_t"}}},
		],
	})
	violations == {
		{
			"msg": "the pod must not set seLinuxOptions.type to \"spc_t\"",
			"details": {"path": "/spec/securityContext/seLinuxOptions/type"},
		},
		{
			"msg": "container \"build\" must not set seLinuxOptions.user to \"system_u\"",
			"details": {"container": "build", "path": "/spec/containers/0/securityContext/seLinuxOptions/user"},
		},
		{
			"msg": "container \"build\" must not set seLinuxOptions.role to \"r\"",
			"details": {"container": "build", "path": "/spec/containers/0/securityContext/seLinuxOptions/role"},
		},
	}
}

test_fail_engine_before_it_counted if {
	every versions in [["v1.30"], ["v1.31", "v1.30"]] {
		violations := policy.violation with input as _at("restricted", versions, _engine)
		count(violations) == 1
	}
}

test_success_engine if {
	violations := policy.violation with input as _at("baseline", ["v1.31"], _engine)
	violations == set()
}

test_success_nulls if {
	violations := policy.violation with input as _pod({
		"securityContext": {"seLinuxOptions": null},
		"containers": [{"name": "a", "securityContext": {"seLinuxOptions": {"type": null, "user": "", "role": null}}}],
	})
	violations == set()
}

_engine := {"securityContext": {"seLinuxOptions": {"type": "container_engine_t"}}}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}

_at(level, versions, spec) := object.union(_pod(spec), {"parameters": {"podSecurity": {level: versions}}})
