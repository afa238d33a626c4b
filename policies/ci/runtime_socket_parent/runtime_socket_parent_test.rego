package podgate.ci.runtime_socket_parent_test

import rego.v1

import data.podgate.ci.runtime_socket_parent

test_fail_b02_root if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": "volume \"node\" mounts the whole file system from the node, /",
		},
	}
	violations := runtime_socket_parent.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/"}}],
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

test_fail_b02_var_run if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": "volume \"node\" mounts the directory of every socket from the node, /var/run (/run)",
		},
	}
	violations := runtime_socket_parent.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/var/run"}}],
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

test_fail_b02_runtime_directory if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": "volume \"node\" mounts the directory of the containerd socket of k3s or RKE2 from the node, /run/k3s/containerd",
		},
	}
	violations := runtime_socket_parent.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/run/k3s/containerd"}}],
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
			"msg": "volume \"node\" mounts the whole file system from the node, /proc/self/root (/)",
		},
	}
	violations := runtime_socket_parent.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/proc/self/root"}}],
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

test_fail_b06_sub_path_of_a_socket if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": "volume \"node\" mounts the directory of /var/run and /var/lib from the node, /var",
		},
	}
	violations := runtime_socket_parent.violation with input as {
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
								{"name": "node", "mountPath": "/host", "subPath": "run/docker.sock"},
							],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_b06_sub_path_unresolved if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": "volume \"node\" mounts the directory of /var/run and /var/lib from the node, /var",
		},
	}
	violations := runtime_socket_parent.violation with input as {
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
								{"name": "node", "mountPath": "/host", "subPathExpr": "$(DIR)"},
							],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_b06_harmless_sub_path_is_medium if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "medium"},
			"msg": "volume \"node\" mounts the directory of /var/run and /var/lib from the node, /var; so far only harmless parts of it are mounted",
		},
	}
	violations := runtime_socket_parent.violation with input as {
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

test_fail_windows_every_pipe if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": "volume \"node\" mounts every named pipe from the node, \\\\.\\pipe\\ (//./pipe/)",
		},
	}
	violations := runtime_socket_parent.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "\\\\.\\pipe\\"}}],
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

test_success_socket_is_another_finding if {
	violations := runtime_socket_parent.violation with input as {
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
	violations == set()
}

test_success_f02_longer_names if {
	violations := runtime_socket_parent.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/runs"}}],
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

test_success_f02_var_runner if {
	violations := runtime_socket_parent.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/var/runner/cache"}}],
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
	violations := runtime_socket_parent.violation with input as {
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
