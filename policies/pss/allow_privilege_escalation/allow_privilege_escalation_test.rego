package podgate.pss.allow_privilege_escalation_test

import rego.v1

import data.podgate.pss.allow_privilege_escalation as policy

test_fail_set_or_missing if {
	violations := policy.violation with input as _pod(_spec)
	violations == {
		{
			"msg": "init container \"fetch\" must set securityContext.allowPrivilegeEscalation to false",
			"details": {
				"container": "fetch",
				"path": "/spec/initContainers/0/securityContext/allowPrivilegeEscalation",
			},
		},
		{
			"msg": "container \"build\" must set securityContext.allowPrivilegeEscalation to false",
			"details": {"container": "build", "path": "/spec/containers/0"},
		},
		{
			"msg": "ephemeral container \"debug\" must set securityContext.allowPrivilegeEscalation to false",
			"details": {"container": "debug", "path": "/spec/ephemeralContainers/0"},
		},
	}
}

test_fail_windows_before_it_counted if {
	spec := object.union(_spec, {"os": {"name": "windows"}})
	violations := policy.violation with input as _at("restricted", ["v1.24", "v1.25"], spec)
	count(violations) == 3
}

test_fail_part_of_a_pod if {
	violations := policy.violation with input as object.union(_pod(_spec), {"partial": true})
	{violation.details.container | some violation in violations} == {"fetch"}
}

test_success_windows if {
	spec := object.union(_spec, {"os": {"name": "windows"}})
	violations := policy.violation with input as _at("restricted", ["v1.25"], spec)
	violations == set()
}

test_success_before_the_check if {
	violations := policy.violation with input as _at("restricted", ["v1.7"], _spec)
	violations == set()
}

test_success_false if {
	violations := policy.violation with input as _pod({"containers": [{
		"name": "build",
		"securityContext": {"allowPrivilegeEscalation": false},
	}]})
	violations == set()
}

_spec := {
	"initContainers": [{"name": "fetch", "securityContext": {"allowPrivilegeEscalation": true}}],
	"containers": [{"name": "build"}],
	"ephemeralContainers": [{"name": "debug", "securityContext": {"allowPrivilegeEscalation": null}}],
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}

_at(level, versions, spec) := object.union(_pod(spec), {"parameters": {"podSecurity": {level: versions}}})
