package podgate.ci.privileged_test

import rego.v1

import data.podgate.ci.privileged

test_fail_container if {
	expected := {
		{
			"msg": "container \"build\" is privileged: root in it is root on the node",
			"details": {
				"container": "build",
				"fix": [
					{
						"op": "replace",
						"path": "/spec/containers/0/securityContext/privileged",
						"value": false,
					},
				],
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
		},
	}
	violations := privileged.violation with input as _pod({
		"containers": [{"name": "build", "securityContext": {"privileged": true}}],
	})
	violations == expected
}

test_fail_b11_ephemeral_container if {
	expected := {
		{
			"msg": "ephemeral container \"debugger\" is privileged: root in it is root on the node",
			"details": {
				"container": "debugger",
				"fix": [
					{
						"op": "replace",
						"path": "/spec/ephemeralContainers/0/securityContext/privileged",
						"value": false,
					},
				],
				"path": "/spec/ephemeralContainers/0/securityContext/privileged",
				"severity": "critical",
			},
		},
	}
	violations := privileged.violation with input as _pod({
		"ephemeralContainers": [{"name": "debugger", "securityContext": {"privileged": true}}],
		"containers": [{"name": "build"}],
	})
	violations == expected
}

test_fail_b12_init_container if {
	expected := {
		{
			"msg": "init container \"prepare\" is privileged: root in it is root on the node",
			"details": {
				"container": "prepare",
				"fix": [
					{
						"op": "replace",
						"path": "/spec/initContainers/0/securityContext/privileged",
						"value": false,
					},
				],
				"path": "/spec/initContainers/0/securityContext/privileged",
				"severity": "critical",
			},
		},
	}
	violations := privileged.violation with input as _pod({
		"initContainers": [{"name": "prepare", "securityContext": {"privileged": true}}],
		"containers": [{"name": "build"}],
	})
	violations == expected
}

test_fail_b20_words if {
	expected := {
		{
			"msg": "container \"build\" is privileged: root in it is root on the node",
			"details": {
				"container": "build",
				"fix": [
					{
						"op": "replace",
						"path": "/spec/containers/0/securityContext/privileged",
						"value": false,
					},
				],
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
		},
		{
			"msg": "container \"second\" is privileged: root in it is root on the node",
			"details": {
				"container": "second",
				"fix": [
					{
						"op": "replace",
						"path": "/spec/containers/1/securityContext/privileged",
						"value": false,
					},
				],
				"path": "/spec/containers/1/securityContext/privileged",
				"severity": "critical",
			},
		},
	}
	violations := privileged.violation with input as _pod({
		"containers": [
			{"name": "build", "securityContext": {"privileged": "Yes"}},
			{"name": "second", "securityContext": {"privileged": "true"}},
		],
	})
	violations == expected
}

test_fail_b39_user_namespace_is_high if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" is privileged: hostUsers: false confines it only where the node",
				"supports user namespaces (containerd 2.0, runc 1.2 or crun 1.9, Linux 6.3); older",
				"containerd ignores that field without a word",
			]),
			"details": {
				"container": "build",
				"fix": [
					{
						"op": "replace",
						"path": "/spec/containers/0/securityContext/privileged",
						"value": false,
					},
				],
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "high",
			},
		},
	}
	violations := privileged.violation with input as _pod({
		"containers": [{"name": "build", "securityContext": {"privileged": true}}],
		"hostUsers": false,
	})
	violations == expected
}

test_fail_without_a_name if {
	expected := {
		{
			"msg": "container number 1 is privileged: root in it is root on the node",
			"details": {
				"container": "",
				"fix": [
					{
						"op": "replace",
						"path": "/spec/containers/0/securityContext/privileged",
						"value": false,
					},
				],
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
		},
	}
	violations := privileged.violation with input as _pod({
		"containers": [{"securityContext": {"privileged": true}}],
	})
	violations == expected
}

test_success_false if {
	violations := privileged.violation with input as _pod({
		"containers": [
			{"name": "build", "securityContext": {"privileged": false}},
			{"name": "second", "securityContext": {"privileged": "false"}},
		],
	})
	violations == set()
}

test_success_nulls if {
	violations := privileged.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": null,
				"spec": {
					"containers": null,
					"initContainers": [null, "x"],
					"volumes": null,
					"securityContext": null,
				},
			},
		},
	}
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
