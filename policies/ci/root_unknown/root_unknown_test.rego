package podgate.ci.root_unknown_test

import rego.v1

import data.podgate.ci.root_unknown

test_fail_b22_nothing_said if {
	expected := {
		{
			"msg": "container \"build\" runs as whoever its image says, which mostly is root",
			"details": {"container": "build", "path": "/spec/containers/0/image", "severity": "low"},
		},
		{
			"msg": "init container \"build\" runs as whoever its image says, which mostly is root",
			"details": {"container": "build", "path": "/spec/initContainers/0/image", "severity": "low"},
		},
	}
	violations := root_unknown.violation with input as _pod({
		"initContainers": [{"name": "build"}],
		"containers": [{"name": "build", "image": "a", "securityContext": {"privileged": false}}],
	})
	violations == expected
}

test_fail_user_filled_in_later if {
	expected := {
		{
			"msg": "container \"build\" runs as whoever its image says, which mostly is root",
			"details": {"container": "build", "path": "/spec/containers/0/image", "severity": "low"},
		},
	}
	violations := root_unknown.violation with input as _pod({"containers": [{"name": "build", "securityContext": {"runAsUser": "${UID}"}}]})
	violations == expected
}

test_fail_user_namespace_is_info if {
	expected := {
		{
			"msg": "container \"build\" runs as whoever its image says, which mostly is root",
			"details": {"container": "build", "path": "/spec/containers/0/image", "severity": "info"},
		},
	}
	violations := root_unknown.violation with input as _pod({"hostUsers": false, "containers": [{"name": "build"}]})
	violations == expected
}

test_success_said if {
	violations := root_unknown.violation with input as _pod({
		"containers": [
			{"name": "build", "securityContext": {"runAsNonRoot": true}},
			{"name": "b", "securityContext": {"runAsUser": 1000}},
			{"name": "c", "securityContext": {"runAsUser": 0}},
			{"name": "d", "securityContext": {"runAsNonRoot": false}},
		],
	})
	violations == set()
}

test_success_inherited if {
	violations := root_unknown.violation with input as _pod({"securityContext": {"runAsNonRoot": true}, "containers": [{"name": "build"}]})
	violations == set()
}

test_success_windows if {
	violations := root_unknown.violation with input as _pod({"os": {"name": "windows"}, "containers": [{"name": "build"}]})
	violations == set()
}

test_success_partial if {
	violations := root_unknown.violation with input as object.union({"partial": true}, _pod({"containers": [{"name": "build"}]}))
	violations == set()
}

test_success_nulls if {
	violations := root_unknown.violation with input as _pod({"containers": null, "initContainers": [null, "x"], "volumes": null, "securityContext": null})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
