package podgate.ci.socket_type_test

import rego.v1

import data.podgate.ci.socket_type

test_fail_type_socket if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "high"},
			"msg": "volume \"node\" mounts a socket from the node, /data/api: a service outside the pod listens to it",
		},
	}
	violations := socket_type.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [
						{"name": "node", "hostPath": {"path": "/data/api", "type": "Socket"}},
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

test_fail_name_of_a_socket if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "high"},
			"msg": "volume \"node\" mounts a socket from the node, /data/docker.sock: a service outside the pod listens to it",
		},
	}
	violations := socket_type.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/data/docker.sock"}}],
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

test_fail_sensitive_place_is_critical if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": "volume \"node\" mounts a socket from the node, /etc/agent/agent.socket: a service outside the pod listens to it",
		},
	}
	violations := socket_type.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/etc/agent/agent.socket"}}],
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

test_fail_unknown_pipe if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "high"},
			"msg": "volume \"node\" mounts a socket from the node, //./pipe/agent: a service outside the pod listens to it",
		},
	}
	violations := socket_type.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "//./pipe/agent"}}],
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

test_fail_sub_path if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/volumeMounts/0/subPath",
				"severity": "high",
			},
			"msg": "container \"build\", through subPath \"run/agent.sock\" of volume \"node\", mounts a socket from the node, /opt/agent/run/agent.sock: a service outside the pod listens to it",
		},
	}
	violations := socket_type.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/opt/agent"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [
								{"name": "node", "mountPath": "/host", "subPath": "run/agent.sock"},
							],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_success_known_socket_is_another_finding if {
	violations := socket_type.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [
						{
							"name": "node",
							"hostPath": {"path": "/var/run/docker.sock", "type": "Socket"},
						},
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

test_success_f02_directory_like_a_socket if {
	violations := socket_type.violation with input as {
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
	violations := socket_type.violation with input as {
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
