package podgate.ci.proc_mount_test

import rego.v1

import data.podgate.ci.proc_mount

test_fail_unmasked if {
	expected := {
		{
			"details": {
				"container": "build",
				"fix": [{"op": "remove", "path": "/spec/containers/0/securityContext/procMount"}],
				"path": "/spec/containers/0/securityContext/procMount",
				"severity": "high",
			},
			"msg": concat(" ", [
				"container \"build\" has procMount Unmasked: what /proc hides of the node's",
				"kernel is open to it",
			]),
		},
	}
	violations := proc_mount.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {
					"allowPrivilegeEscalation": false,
					"capabilities": {"drop": ["ALL"]},
					"seccompProfile": {"type": "RuntimeDefault"},
					"procMount": "Unmasked",
				},
			},
		],
	})
	violations == expected
}

test_fail_b25_lower_case if {
	expected := {
		{
			"details": {
				"container": "build",
				"fix": [{"op": "remove", "path": "/spec/containers/0/securityContext/procMount"}],
				"path": "/spec/containers/0/securityContext/procMount",
				"severity": "high",
			},
			"msg": concat(" ", [
				"container \"build\" has procMount unmasked: what /proc hides of the node's",
				"kernel is open to it",
			]),
		},
	}
	violations := proc_mount.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {
					"allowPrivilegeEscalation": false,
					"capabilities": {"drop": ["ALL"]},
					"seccompProfile": {"type": "RuntimeDefault"},
					"procMount": "unmasked",
				},
			},
		],
	})
	violations == expected
}

test_fail_b25_user_namespace_is_medium if {
	expected := {
		{
			"details": {
				"container": "build",
				"fix": [{"op": "remove", "path": "/spec/containers/0/securityContext/procMount"}],
				"path": "/spec/containers/0/securityContext/procMount",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" has procMount Unmasked: what /proc hides is open to it,",
				"as far as the user namespace does not confine it",
			]),
		},
	}
	violations := proc_mount.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {
					"allowPrivilegeEscalation": false,
					"capabilities": {"drop": ["ALL"]},
					"seccompProfile": {"type": "RuntimeDefault"},
					"procMount": "Unmasked",
				},
			},
		],
		"hostUsers": false,
	})
	violations == expected
}

test_fail_unresolved if {
	expected := {
		{
			"details": {
				"container": "debug",
				"fix": [
					{
						"op": "remove",
						"path": "/spec/ephemeralContainers/0/securityContext/procMount",
					},
				],
				"path": "/spec/ephemeralContainers/0/securityContext/procMount",
				"severity": "high",
			},
			"msg": concat(" ", [
				"ephemeral container \"debug\" has procMount {{ .Values.proc }}: what /proc",
				"hides of the node's kernel is open to it",
			]),
		},
	}
	violations := proc_mount.violation with input as _pod({
		"ephemeralContainers": [{"name": "debug", "securityContext": {"procMount": "{{ .Values.proc }}"}}],
	})
	violations == expected
}

test_success_default if {
	violations := proc_mount.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {
					"allowPrivilegeEscalation": false,
					"capabilities": {"drop": ["ALL"]},
					"seccompProfile": {"type": "RuntimeDefault"},
					"procMount": "Default",
				},
			},
		],
	})
	violations == set()
}

test_success_null if {
	violations := proc_mount.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {
					"allowPrivilegeEscalation": false,
					"capabilities": {"drop": ["ALL"]},
					"seccompProfile": {"type": "RuntimeDefault"},
					"procMount": null,
				},
			},
		],
	})
	violations == set()
}

test_success_missing if {
	violations := proc_mount.violation with input as _pod({"containers": [{"name": "build"}]})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
