package podgate.ci.mount_propagation_test

import rego.v1

import data.podgate.ci.mount_propagation

test_fail_bidirectional if {
	expected := {
		{
			"details": {
				"container": "build",
				"fix": [
					{
						"op": "remove",
						"path": "/spec/containers/0/volumeMounts/0/mountPropagation",
					},
				],
				"path": "/spec/containers/0/volumeMounts/0/mountPropagation",
				"severity": "high",
			},
			"msg": concat(" ", [
				"container \"build\" mounts volume \"v\" with propagation Bidirectional: what",
				"the container mounts there appears on the node",
			]),
		},
	}
	violations := mount_propagation.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"volumeMounts": [
					{"name": "v", "mountPath": "/m", "mountPropagation": "Bidirectional"},
					{"name": "other", "mountPath": "/o"},
				],
			},
		],
		"volumes": [{"name": "v", "emptyDir": {}}],
	})
	violations == expected
}

test_fail_host_to_container_is_low if {
	expected := {
		{
			"details": {
				"container": "build",
				"fix": [
					{
						"op": "remove",
						"path": "/spec/containers/0/volumeMounts/0/mountPropagation",
					},
				],
				"path": "/spec/containers/0/volumeMounts/0/mountPropagation",
				"severity": "low",
			},
			"msg": concat(" ", [
				"container \"build\" mounts volume \"v\" with propagation HostToContainer: what",
				"the node mounts there later appears in the container",
			]),
		},
	}
	violations := mount_propagation.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"volumeMounts": [
					{"name": "v", "mountPath": "/m", "mountPropagation": "HostToContainer"},
					{"name": "other", "mountPath": "/o"},
				],
			},
		],
		"volumes": [{"name": "v", "hostPath": {"path": "/data"}}],
	})
	violations == expected
}

test_fail_unresolved_mode if {
	expected := {
		{
			"details": {
				"container": "build",
				"fix": [
					{
						"op": "remove",
						"path": "/spec/containers/0/volumeMounts/0/mountPropagation",
					},
				],
				"path": "/spec/containers/0/volumeMounts/0/mountPropagation",
				"severity": "high",
			},
			"msg": concat(" ", [
				"container \"build\" mounts volume \"v\" with propagation {{ .Values.mode }}:",
				"what the container mounts there appears on the node",
			]),
		},
	}
	violations := mount_propagation.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"volumeMounts": [
					{
						"name": "v",
						"mountPath": "/m",
						"mountPropagation": "{{ .Values.mode }}",
					},
					{"name": "other", "mountPath": "/o"},
				],
			},
		],
		"volumes": [{"name": "v", "emptyDir": {}}],
	})
	violations == expected
}

test_fail_init_container if {
	expected := {
		{
			"details": {
				"container": "prepare",
				"fix": [
					{
						"op": "remove",
						"path": "/spec/initContainers/0/volumeMounts/0/mountPropagation",
					},
				],
				"path": "/spec/initContainers/0/volumeMounts/0/mountPropagation",
				"severity": "high",
			},
			"msg": concat(" ", [
				"init container \"prepare\" mounts volume \"v\" with propagation Bidirectional:",
				"what the container mounts there appears on the node",
			]),
		},
	}
	violations := mount_propagation.violation with input as _part({
		"initContainers": [
			{
				"name": "prepare",
				"volumeMounts": [{"name": "v", "mountPath": "/m", "mountPropagation": "Bidirectional"}],
			},
		],
	})
	violations == expected
}

test_success_none if {
	violations := mount_propagation.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"volumeMounts": [
					{"name": "v", "mountPath": "/m", "mountPropagation": "None"},
					{"name": "other", "mountPath": "/o"},
				],
			},
		],
		"volumes": [{"name": "v", "hostPath": {"path": "/data"}}],
	})
	violations == set()
}

test_success_missing if {
	violations := mount_propagation.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"volumeMounts": [
					{"name": "v", "mountPath": "/m", "mountPropagation": null},
					{"name": "other", "mountPath": "/o"},
				],
			},
		],
		"volumes": [{"name": "v", "hostPath": {"path": "/data"}}],
	})
	violations == set()
}

test_success_host_to_container_without_host_path if {
	violations := mount_propagation.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"volumeMounts": [
					{"name": "v", "mountPath": "/m", "mountPropagation": "HostToContainer"},
					{"name": "other", "mountPath": "/o"},
				],
			},
		],
		"volumes": [{"name": "v", "emptyDir": {}}],
	})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}

_part(spec) := {"review": {"object": {"spec": spec}, "namespace": "ci"}, "partial": true}
