package podgate.pss.capabilities_restricted_test

import rego.v1

import data.podgate.pss.capabilities_restricted as policy

test_fail_kept_or_added if {
	violations := policy.violation with input as _pod(_spec)
	violations == {
		{
			"msg": "init container \"fetch\" must drop the capability ALL",
			"details": {"container": "fetch", "path": "/spec/initContainers/0/securityContext/capabilities/drop"},
		},
		{
			"msg": "container \"build\" must not add the capability \"CHOWN\"",
			"details": {"container": "build", "path": "/spec/containers/0/securityContext/capabilities/add/1"},
		},
		{
			"msg": "ephemeral container \"debug\" must drop the capability ALL",
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
	{violation.details.container | some violation in violations} == {"build", "fetch"}
}

test_success_windows if {
	spec := object.union(_spec, {"os": {"name": "windows"}})
	violations := policy.violation with input as _at("restricted", ["v1.25"], spec)
	violations == set()
}

test_success_before_the_check if {
	violations := policy.violation with input as _at("restricted", ["v1.21"], _spec)
	violations == set()
}

test_success_dropped if {
	violations := policy.violation with input as _pod({"containers": [{
		"name": "build",
		"securityContext": {"capabilities": {"drop": ["NET_RAW", "ALL"], "add": null}},
	}]})
	violations == set()
}

_spec := {
	"initContainers": [{"name": "fetch", "securityContext": {"capabilities": {"drop": ["all"]}}}],
	"containers": [{
		"name": "build",
		"securityContext": {"capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE", "CHOWN"]}},
	}],
	"ephemeralContainers": [{"name": "debug"}],
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}

_at(level, versions, spec) := object.union(_pod(spec), {"parameters": {"podSecurity": {level: versions}}})
