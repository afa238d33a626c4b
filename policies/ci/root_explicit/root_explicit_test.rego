package podgate.ci.root_explicit_test

import rego.v1

import data.podgate.ci.root_explicit

test_fail_pod_user if {
	expected := {
		{
			"msg": "container \"build\" runs as root",
			"details": {"container": "build", "path": "/spec/securityContext/runAsUser", "severity": "medium"},
		},
	}
	violations := root_explicit.violation with input as _pod({
		"securityContext": {"runAsUser": 0},
		"containers": [{"name": "build"}, {"name": "other", "securityContext": {"runAsUser": 1000}}],
	})
	violations == expected
}

test_fail_pod_user_beside_a_flag_of_the_container if {
	expected := {
		{
			"msg": "container \"build\" runs as root",
			"details": {"container": "build", "path": "/spec/securityContext/runAsUser", "severity": "medium"},
		},
	}
	violations := root_explicit.violation with input as _pod({
		"securityContext": {"runAsUser": 0},
		"containers": [{"name": "build", "securityContext": {"runAsNonRoot": false}}],
	})
	violations == expected
}

test_fail_user_in_quotes_and_root_let_in if {
	expected := {
		{
			"msg": "container \"build\" may run as root (runAsNonRoot: false): only its runAsUser stands against that",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/runAsNonRoot",
				"severity": "low",
			},
		},
	}
	violations := root_explicit.violation with input as _pod({"containers": [{
		"name": "build",
		"securityContext": {"runAsUser": "1000", "runAsNonRoot": false},
	}]})
	violations == expected
}

test_fail_b23_container_wins if {
	expected := {
		{
			"msg": "container \"build\" runs as root",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/runAsUser",
				"severity": "medium",
			},
		},
		{
			"msg": "ephemeral container \"debug\" runs as root",
			"details": {
				"container": "debug",
				"path": "/spec/ephemeralContainers/0/securityContext/runAsUser",
				"severity": "medium",
			},
		},
	}
	violations := root_explicit.violation with input as _pod({
		"securityContext": {"runAsNonRoot": true, "runAsUser": 1000},
		"containers": [{"name": "build", "securityContext": {"runAsUser": 0}}],
		"ephemeralContainers": [{"name": "debug", "securityContext": {"runAsUser": "0"}}],
	})
	violations == expected
}

test_fail_b23_flag_of_the_container if {
	expected := {
		{
			"msg": "init container \"build\" is let run as root (runAsNonRoot: false), and its image decides",
			"details": {
				"container": "build",
				"path": "/spec/initContainers/0/securityContext/runAsNonRoot",
				"severity": "medium",
			},
		},
	}
	violations := root_explicit.violation with input as _pod({
		"securityContext": {"runAsNonRoot": true},
		"initContainers": [{"name": "build", "securityContext": {"runAsNonRoot": false}}],
	})
	violations == expected
}

test_fail_flag_of_the_pod if {
	expected := {
		{
			"msg": "container \"build\" is let run as root (runAsNonRoot: false), and its image decides",
			"details": {
				"container": "build",
				"path": "/spec/securityContext/runAsNonRoot",
				"severity": "medium",
			},
		},
	}
	violations := root_explicit.violation with input as _pod({"securityContext": {"runAsNonRoot": "false"}, "containers": [{"name": "build"}]})
	violations == expected
}

test_fail_user_filled_in_later if {
	expected := {
		{
			"msg": "container \"b\" is let run as root (runAsNonRoot: false), and its image decides",
			"details": {"container": "b", "path": "/spec/securityContext/runAsNonRoot", "severity": "medium"},
		},
		{
			"msg": "container \"build\" is let run as root (runAsNonRoot: false), and its image decides",
			"details": {
				"container": "build",
				"path": "/spec/securityContext/runAsNonRoot",
				"severity": "medium",
			},
		},
	}
	violations := root_explicit.violation with input as _pod({
		"securityContext": {"runAsNonRoot": false},
		"containers": [
			{"name": "build", "securityContext": {"runAsUser": "$(UID)"}},
			{"name": "b", "securityContext": {"runAsUser": "{{ uid }}"}},
		],
	})
	violations == expected
}

test_fail_flag_beside_a_user_is_low if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" may run as root (runAsNonRoot: false): only its runAsUser",
				"stands against that",
			]),
			"details": {"container": "build", "path": "/spec/securityContext/runAsNonRoot", "severity": "low"},
		},
	}
	violations := root_explicit.violation with input as _pod({
		"securityContext": {"runAsNonRoot": false, "runAsUser": 1000},
		"containers": [{"name": "build"}],
	})
	violations == expected
}

test_fail_user_namespace_is_low if {
	expected := {
		{
			"msg": "container \"build\" runs as root",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/runAsUser",
				"severity": "low",
			},
		},
	}
	violations := root_explicit.violation with input as _pod({"hostUsers": false, "containers": [{"name": "build", "securityContext": {"runAsUser": 0}}]})
	violations == expected
}

test_success_inherited if {
	violations := root_explicit.violation with input as _pod({
		"securityContext": {"runAsNonRoot": true, "runAsUser": 1000},
		"initContainers": [{"name": "build"}],
		"containers": [{"name": "build", "securityContext": {}}],
	})
	violations == set()
}

test_success_container_mends_it if {
	violations := root_explicit.violation with input as _pod({
		"securityContext": {"runAsUser": 0},
		"containers": [{"name": "build", "securityContext": {"runAsUser": 1000}}],
	})
	violations == set()
}

test_success_unknown if {
	violations := root_explicit.violation with input as _pod({"containers": [{"name": "build"}]})
	violations == set()
}

test_success_nulls if {
	violations := root_explicit.violation with input as _pod({"containers": null, "initContainers": [null, "x"], "volumes": null, "securityContext": null})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
