package podgate.pss.seccomp_profile_restricted_test

import rego.v1

import data.podgate.pss.seccomp_profile_restricted as policy

test_fail_missing if {
	violations := policy.violation with input as _at("restricted", ["v1.19"], _missing)
	violations == {
		{
			"msg": concat(" ", [
				"container \"build\" must set seccompProfile.type to RuntimeDefault or Localhost, or the pod",
				"must",
			]),
			"details": {"container": "build", "path": "/spec/containers/0"},
		},
		{
			"msg": concat(" ", [
				"ephemeral container \"debug\" must set seccompProfile.type to RuntimeDefault or",
				"Localhost, or the pod must",
			]),
			"details": {"container": "debug", "path": "/spec/ephemeralContainers/0"},
		},
	}
}

test_fail_set if {
	violations := policy.violation with input as _pod(_unconfined)
	violations == {
		{
			"msg": "the pod must not set seccompProfile.type to \"Unconfined\"",
			"details": {"path": "/spec/securityContext/seccompProfile/type"},
		},
		{
			"msg": "container \"build\" must not set seccompProfile.type to \"\"",
			"details": {"container": "build", "path": "/spec/containers/0/securityContext/seccompProfile/type"},
		},
	}
}

test_fail_windows_before_it_counted if {
	spec := object.union(_unconfined, {"os": {"name": "windows"}})
	violations := policy.violation with input as _at("restricted", ["v1.24", "v1.25"], spec)
	count(violations) == 2
}

test_success_windows if {
	every spec in [_missing, _unconfined] {
		violations := policy.violation with input as _pod(object.union(spec, {"os": {"name": "windows"}}))
		violations == set()
	}
}

test_success_before_the_check if {
	every spec in [_missing, _unconfined] {
		violations := policy.violation with input as _at("restricted", ["v1.18"], spec)
		violations == set()
	}
}

test_success_pod if {
	violations := policy.violation with input as _pod({
		"securityContext": {"seccompProfile": {"type": "Localhost", "localhostProfile": "own"}},
		"containers": [{"name": "build"}],
	})
	violations == set()
}

test_success_part_of_a_pod if {
	violations := policy.violation with input as object.union(_pod(_missing), {"partial": true})
	violations == set()
}

_missing := {
	"containers": [
		{"name": "build", "securityContext": {"seccompProfile": null}},
		{"name": "good", "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}}},
	],
	"ephemeralContainers": [{"name": "debug"}],
}

_unconfined := {
	"securityContext": {"seccompProfile": {"type": "Unconfined"}},
	"containers": [{"name": "build", "securityContext": {"seccompProfile": {"type": ""}}}, {"name": "open"}],
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}

_at(level, versions, spec) := object.union(_pod(spec), {"parameters": {"podSecurity": {level: versions}}})
