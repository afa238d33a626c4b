package podgate.ci.socket_type_test

import rego.v1

import data.podgate.ci.socket_type

test_fail_type_socket if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts a socket from the node, /data/api: a service outside the pod",
				"listens to it",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "high"},
		},
	}
	violations := socket_type.violation with input as _host_path({"path": "/data/api", "type": "Socket"}, {})
	violations == expected
}

test_fail_name_of_a_socket if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts a socket from the node, /data/docker.sock: a service outside the",
				"pod listens to it",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "high"},
		},
	}
	violations := socket_type.violation with input as _host_path({"path": "/data/docker.sock"}, {})
	violations == expected
}

test_fail_sensitive_place_is_critical if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts a socket from the node, /etc/agent/agent.socket: a service",
				"outside the pod listens to it",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	violations := socket_type.violation with input as _host_path({"path": "/etc/agent/agent.socket"}, {})
	violations == expected
}

test_fail_unknown_pipe if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts a socket from the node, //./pipe/agent: a service outside the",
				"pod listens to it",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "high"},
		},
	}
	violations := socket_type.violation with input as _host_path({"path": "//./pipe/agent"}, {})
	violations == expected
}

test_fail_sub_path if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\", through subPath \"run/agent.sock\" of volume \"node\", mounts a socket",
				"from the node, /opt/agent/run/agent.sock: a service outside the pod listens to it",
			]),
			"details": {
				"container": "build",
				"path": "/spec/containers/0/volumeMounts/0/subPath",
				"severity": "high",
			},
		},
	}
	violations := socket_type.violation with input as _host_path({"path": "/opt/agent"}, {"subPath": "run/agent.sock"})
	violations == expected
}

test_success_known_socket_is_another_finding if {
	violations := socket_type.violation with input as _host_path({"path": "/var/run/docker.sock", "type": "Socket"}, {})
	violations == set()
}

test_success_f02_directory_like_a_socket if {
	violations := socket_type.violation with input as _host_path({"path": "/data/docker.sock.d/readme"}, {})
	violations == set()
}

test_success_f03_config_map if {
	violations := socket_type.violation with input as _pod({
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

_host_path(source, mount) := _pod({
	"containers": [{
		"name": "build",
		"volumeMounts": [object.union({"name": "node", "mountPath": "/host"}, mount)],
	}],
	"volumes": [{"name": "node", "hostPath": source}],
})

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
