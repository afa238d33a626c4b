package podgate.ci.writable_host_path_test

import rego.v1

import data.podgate.ci.writable_host_path

test_fail_read_only_missing if {
	expected := {
		{
			"details": {
				"container": "build",
				"fix": [
					{
						"op": "add",
						"path": "/spec/containers/0/volumeMounts/0/readOnly",
						"value": true,
					},
				],
				"path": "/spec/containers/0/volumeMounts/0",
			},
			"msg": "container \"build\" can write to /data/cache on the node, volume \"node\"",
		},
	}
	violations := writable_host_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/data/cache"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_read_only_false if {
	expected := {
		{
			"details": {
				"container": "build",
				"fix": [
					{
						"op": "add",
						"path": "/spec/containers/0/volumeMounts/0/readOnly",
						"value": true,
					},
				],
				"path": "/spec/containers/0/volumeMounts/0",
			},
			"msg": "container \"build\" can write to /var/log on the node, volume \"node\"",
		},
	}
	violations := writable_host_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/var/log"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [
								{"name": "node", "mountPath": "/host", "readOnly": false},
							],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_unresolved if {
	expected := {
		{
			"details": {
				"container": "build",
				"fix": [
					{
						"op": "add",
						"path": "/spec/containers/0/volumeMounts/0/readOnly",
						"value": true,
					},
				],
				"path": "/spec/containers/0/volumeMounts/0",
			},
			"msg": "container \"build\" can write to ${CACHE} on the node, volume \"node\"",
		},
	}
	violations := writable_host_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "${CACHE}"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_b06_harmless_part_of_var if {
	expected := {
		{
			"details": {
				"container": "build",
				"fix": [
					{
						"op": "add",
						"path": "/spec/containers/0/volumeMounts/0/readOnly",
						"value": true,
					},
				],
				"path": "/spec/containers/0/volumeMounts/0",
			},
			"msg": "container \"build\" can write to /var/cache/maven on the node, volume \"node\"",
		},
	}
	violations := writable_host_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/var"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [
								{"name": "node", "mountPath": "/host", "subPath": "cache/maven"},
							],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_success_read_only if {
	violations := writable_host_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/data/cache"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [
								{"name": "node", "mountPath": "/host", "readOnly": true},
							],
						},
					],
				},
			},
		},
	}
	violations == set()
}

test_success_not_mounted if {
	violations := writable_host_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/data/cache"}}],
					"containers": [{"name": "build", "image": "alpine:3.22"}],
				},
			},
		},
	}
	violations == set()
}

test_success_socket_is_another_finding if {
	violations := writable_host_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/var/run/docker.sock"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
				},
			},
		},
	}
	violations == set()
}

test_success_parent_is_another_finding if {
	violations := writable_host_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/run"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
				},
			},
		},
	}
	violations == set()
}

test_success_device if {
	violations := writable_host_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/dev/kvm"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
				},
			},
		},
	}
	violations == set()
}

test_success_f01_empty_dir if {
	violations := writable_host_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [
								{"name": "run", "mountPath": "/var/run"},
								{"name": "memory", "mountPath": "/var/lib/docker"},
							],
						},
					],
					"volumes": [
						{"name": "run", "emptyDir": {}},
						{"name": "memory", "emptyDir": {"medium": "Memory"}},
					],
				},
			},
		},
	}
	violations == set()
}
