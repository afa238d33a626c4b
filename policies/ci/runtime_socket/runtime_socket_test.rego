package podgate.ci.runtime_socket_test

import rego.v1

import data.podgate.ci.runtime_socket

test_fail_b01_short_name if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts the Docker socket from the node, /run/docker.sock: whoever",
				"connects to it can take the node over",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	violations := runtime_socket.violation with input as _host_path({"path": "/run/docker.sock"}, {})
	violations == expected
}

test_fail_b03_detours if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts the Docker socket from the node, /var/./run//docker.sock/",
				"(/run/docker.sock): whoever connects to it can take the node over",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	violations := runtime_socket.violation with input as _host_path({"path": "/var/./run//docker.sock/"}, {})
	violations == expected
}

test_fail_b04_dot_dot if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts the Docker socket from the node,",
				"/var/lib/app/../../run/docker.sock (/run/docker.sock): whoever connects to it can",
				"take the node over",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	violations := runtime_socket.violation with input as _host_path({"path": "/var/lib/app/../../run/docker.sock"}, {})
	violations == expected
}

test_fail_b05_root_of_a_process if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts the Docker socket from the node, /proc/1/root/run/docker.sock",
				"(/run/docker.sock): whoever connects to it can take the node over",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	violations := runtime_socket.violation with input as _host_path({"path": "/proc/1/root/run/docker.sock"}, {})
	violations == expected
}

test_fail_b06_sub_path if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\", through subPath \"../run/docker.sock\" of volume \"node\", mounts the",
				"Docker socket from the node, /run/docker.sock: whoever connects to it can take the",
				"node over",
			]),
			"details": {
				"container": "build",
				"path": "/spec/containers/0/volumeMounts/0/subPath",
				"severity": "critical",
			},
		},
	}
	violations := runtime_socket.violation with input as _host_path({"path": "/srv"}, {"subPath": "../run/docker.sock"})
	violations == expected
}

test_fail_b07_rootless if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts the Podman socket of a user from the node,",
				"/run/user/1000/podman/podman.sock: whoever connects to it can take the node over",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	violations := runtime_socket.violation with input as _host_path({"path": "/run/user/1000/podman/podman.sock"}, {})
	violations == expected
}

test_fail_b14_not_mounted if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts the containerd socket from the node,",
				"/run/containerd/containerd.sock: whoever connects to it can take the node over",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	violations := runtime_socket.violation with input as _pod({
		"volumes": [{"name": "node", "hostPath": {"path": "/run/containerd/containerd.sock"}}],
		"containers": [{"name": "build"}],
	})
	violations == expected
}

test_fail_b26_windows_pipe if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts the Docker pipe from the node, npipe:////./PIPE/docker_engine",
				"(//./pipe/docker_engine): whoever connects to it can take the node over",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	violations := runtime_socket.violation with input as _host_path({"path": "npipe:////./PIPE/docker_engine"}, {})
	violations == expected
}

test_fail_b38_read_only if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts the Docker socket from the node, /var/run/docker.sock",
				"(/run/docker.sock): whoever connects to it can take the node over",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	violations := runtime_socket.violation with input as _host_path({"path": "/var/run/docker.sock"}, {"readOnly": true})
	violations == expected
}

test_fail_bare_object if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts the Docker socket from the node, /var/run/docker.sock",
				"(/run/docker.sock): whoever connects to it can take the node over",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	violations := runtime_socket.violation with input as {
		"apiVersion": "v1",
		"kind": "Pod",
		"metadata": {"name": "agent", "namespace": "ci"},
		"spec": {
			"volumes": [{"name": "node", "hostPath": {"path": "/var/run/docker.sock"}}],
			"containers": [
				{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]},
			],
		},
	}
	violations == expected
}

test_success_parent_is_another_finding if {
	violations := runtime_socket.violation with input as _host_path({"path": "/run"}, {})
	violations == set()
}

test_success_f01_empty_dir if {
	violations := runtime_socket.violation with input as _pod({
		"containers": [
			{
				"name": "build",
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
	})
	violations == set()
}

test_success_f02_directory_like_a_socket if {
	violations := runtime_socket.violation with input as _host_path({"path": "/data/docker.sock.d/readme"}, {})
	violations == set()
}

test_success_f03_config_map if {
	violations := runtime_socket.violation with input as _pod({
		"volumes": [
			{
				"name": "config",
				"configMap": {
					"name": "config",
					"items": [{"key": "docker.sock", "path": "docker.sock"}],
				},
			},
		],
		"containers": [{"name": "build"}],
	})
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

_host_path(source, mount) := _pod({
	"containers": [{
		"name": "build",
		"volumeMounts": [object.union({"name": "node", "mountPath": "/host"}, mount)],
	}],
	"volumes": [{"name": "node", "hostPath": source}],
})

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
