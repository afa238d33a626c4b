package podgate.pss.proc_mount_restricted_test

import rego.v1

import data.podgate.pss.proc_mount_restricted as policy

test_fail_user_namespace_or_not if {
	every host_users in [true, false] {
		spec := object.union(_unmasked, {"hostUsers": host_users})
		violations := policy.violation with input as _at("restricted", ["v1.35"], spec)
		violations == {{
			"msg": "container \"build\" must not set securityContext.procMount to \"Unmasked\"",
			"details": {"container": "build", "path": "/spec/containers/0/securityContext/procMount"},
		}}
	}
}

test_success_before_the_check if {
	violations := policy.violation with input as _at("restricted", ["v1.34"], _unmasked)
	violations == set()
}

test_success_default if {
	violations := policy.violation with input as _pod({"containers": [{
		"name": "build",
		"securityContext": {"procMount": "Default"},
	}]})
	violations == set()
}

_unmasked := {"containers": [{"name": "build", "securityContext": {"procMount": "Unmasked"}}]}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}

_at(level, versions, spec) := object.union(_pod(spec), {"parameters": {"podSecurity": {level: versions}}})
