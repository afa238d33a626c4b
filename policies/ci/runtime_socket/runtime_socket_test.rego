package podgate.ci.runtime_socket_test

import rego.v1

import data.podgate.ci.runtime_socket

test_fail_b01_short_name if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": "volume \"node\" mounts the Docker socket from the node, /run/docker.sock: whoever connects to it can take the node over",
		},
	}
	violations := runtime_socket.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/run/docker.sock"}}],
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

test_fail_b03_detours if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": "volume \"node\" mounts the Docker socket from the node, /var/./run//docker.sock/ (/run/docker.sock): whoever connects to it can take the node over",
		},
	}
	violations := runtime_socket.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/var/./run//docker.sock/"}}],
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

test_fail_b04_dot_dot if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": "volume \"node\" mounts the Docker socket from the node, /var/lib/app/../../run/docker.sock (/run/docker.sock): whoever connects to it can take the node over",
		},
	}
	violations := runtime_socket.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [
						{"name": "node", "hostPath": {"path": "/var/lib/app/../../run/docker.sock"}},
					],
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

test_fail_b05_root_of_a_process if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": "volume \"node\" mounts the Docker socket from the node, /proc/1/root/run/docker.sock (/run/docker.sock): whoever connects to it can take the node over",
		},
	}
	violations := runtime_socket.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [
						{"name": "node", "hostPath": {"path": "/proc/1/root/run/docker.sock"}},
					],
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

test_fail_b06_sub_path if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/volumeMounts/0/subPath",
				"severity": "critical",
			},
			"msg": "container \"build\", through subPath \"../run/docker.sock\" of volume \"node\", mounts the Docker socket from the node, /run/docker.sock: whoever connects to it can take the node over",
		},
	}
	violations := runtime_socket.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/srv"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [
								{
									"name": "node",
									"mountPath": "/host",
									"subPath": "../run/docker.sock",
								},
							],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_b07_rootless if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": "volume \"node\" mounts the Podman socket of a user from the node, /run/user/1000/podman/podman.sock: whoever connects to it can take the node over",
		},
	}
	violations := runtime_socket.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [
						{"name": "node", "hostPath": {"path": "/run/user/1000/podman/podman.sock"}},
					],
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

test_fail_b14_not_mounted if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": "volume \"node\" mounts the containerd socket from the node, /run/containerd/containerd.sock: whoever connects to it can take the node over",
		},
	}
	violations := runtime_socket.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [
						{"name": "node", "hostPath": {"path": "/run/containerd/containerd.sock"}},
					],
					"containers": [{"name": "build", "image": "alpine:3.22"}],
				},
			},
		},
	}
	violations == expected
}

test_fail_b26_windows_pipe if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": "volume \"node\" mounts the Docker pipe from the node, npipe:////./PIPE/docker_engine (//./pipe/docker_engine): whoever connects to it can take the node over",
		},
	}
	violations := runtime_socket.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [
						{"name": "node", "hostPath": {"path": "npipe:////./PIPE/docker_engine"}},
					],
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

test_fail_b38_read_only if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": "volume \"node\" mounts the Docker socket from the node, /var/run/docker.sock (/run/docker.sock): whoever connects to it can take the node over",
		},
	}
	violations := runtime_socket.violation with input as {
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
							"volumeMounts": [
								{"name": "node", "mountPath": "/host", "readOnly": true},
							],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_bare_object if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": "volume \"node\" mounts the Docker socket from the node, /var/run/docker.sock (/run/docker.sock): whoever connects to it can take the node over",
		},
	}
	violations := runtime_socket.violation with input as {
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
	}
	violations == expected
}

test_success_parent_is_another_finding if {
	violations := runtime_socket.violation with input as {
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

test_success_f01_empty_dir if {
	violations := runtime_socket.violation with input as {
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

test_success_f02_directory_like_a_socket if {
	violations := runtime_socket.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [
						{"name": "node", "hostPath": {"path": "/data/docker.sock.d/readme"}},
					],
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

test_success_f03_config_map if {
	violations := runtime_socket.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [
						{
							"name": "config",
							"configMap": {
								"name": "config",
								"items": [{"key": "docker.sock", "path": "docker.sock"}],
							},
						},
					],
					"containers": [{"name": "build", "image": "alpine:3.22"}],
				},
			},
		},
	}
	violations == set()
}

test_success_nulls if {
	violations := runtime_socket.violation with input as {
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
