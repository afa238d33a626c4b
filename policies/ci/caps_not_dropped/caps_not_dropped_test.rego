package podgate.ci.caps_not_dropped_test

import rego.v1

import data.podgate.ci.caps_not_dropped

test_fail_none_dropped if {
	expected := {
		{
			"details": {"container": "build", "path": "/spec/containers/0"},
			"msg": "container \"build\" keeps the capabilities that the runtime grants by default",
		},
	}
	violations := caps_not_dropped.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {
					"allowPrivilegeEscalation": false,
					"seccompProfile": {"type": "RuntimeDefault"},
				},
			},
		],
	})
	violations == expected
}

test_fail_some_dropped if {
	expected := {
		{
			"details": {"container": "build", "path": "/spec/containers/0"},
			"msg": "container \"build\" keeps the capabilities that the runtime grants by default",
		},
	}
	violations := caps_not_dropped.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {
					"allowPrivilegeEscalation": false,
					"capabilities": {"drop": ["NET_RAW", "CAP_ALL"]},
					"seccompProfile": {"type": "RuntimeDefault"},
				},
			},
		],
	})
	violations == expected
}

test_fail_every_kind_of_container if {
	expected := {
		{
			"details": {"container": "debug", "path": "/spec/ephemeralContainers/0"},
			"msg": concat(" ", [
				"ephemeral container \"debug\" keeps the capabilities that the runtime grants",
				"by default",
			]),
		},
		{
			"details": {"container": "prepare", "path": "/spec/initContainers/0"},
			"msg": concat(" ", [
				"init container \"prepare\" keeps the capabilities that the runtime grants by",
				"default",
			]),
		},
	}
	violations := caps_not_dropped.violation with input as _pod({
		"initContainers": [{"name": "prepare"}],
		"containers": [
			{
				"name": "build",
				"securityContext": {
					"allowPrivilegeEscalation": false,
					"capabilities": {"drop": ["ALL"]},
					"seccompProfile": {"type": "RuntimeDefault"},
				},
			},
		],
		"ephemeralContainers": [{"name": "debug"}],
	})
	violations == expected
}

test_fail_nulls if {
	expected := {
		{
			"details": {"container": "build", "path": "/spec/containers/0"},
			"msg": "container \"build\" keeps the capabilities that the runtime grants by default",
		},
	}
	violations := caps_not_dropped.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {
					"allowPrivilegeEscalation": false,
					"capabilities": {"drop": null},
					"seccompProfile": {"type": "RuntimeDefault"},
				},
			},
		],
	})
	violations == expected
}

test_success_all if {
	violations := caps_not_dropped.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {
					"allowPrivilegeEscalation": false,
					"capabilities": {"drop": ["ALL"]},
					"seccompProfile": {"type": "RuntimeDefault"},
				},
			},
		],
	})
	violations == set()
}

test_success_all_in_lower_case if {
	violations := caps_not_dropped.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {
					"allowPrivilegeEscalation": false,
					"capabilities": {"drop": ["NET_RAW", "all"]},
					"seccompProfile": {"type": "RuntimeDefault"},
				},
			},
		],
	})
	violations == set()
}

test_success_in_a_part if {
	violations := caps_not_dropped.violation with input as _part({"containers": [{"name": "build"}]})
	violations == set()
}

test_success_privileged_is_another_finding if {
	violations := caps_not_dropped.violation with input as _pod({"containers": [{"name": "build", "securityContext": {"privileged": true}}]})
	violations == set()
}

test_success_windows if {
	violations := caps_not_dropped.violation with input as _pod({"containers": [{"name": "build", "securityContext": {}}], "os": {"name": "windows"}})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}

_part(spec) := {"review": {"object": {"spec": spec}, "namespace": "ci"}, "partial": true}
