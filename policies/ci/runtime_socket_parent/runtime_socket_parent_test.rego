package podgate.ci.runtime_socket_parent_test

import rego.v1

import data.podgate.ci.runtime_socket_parent

test_fail_b02_root if {
	expected := {
		{
			"msg": "volume \"node\" mounts the whole file system from the node, /",
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	violations := runtime_socket_parent.violation with input as _host_path({"path": "/"}, {})
	violations == expected
}

test_fail_b02_var_run if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts the directory of every socket from the node, /var/run (/run)",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	violations := runtime_socket_parent.violation with input as _host_path({"path": "/var/run"}, {})
	violations == expected
}

test_fail_b02_runtime_directory if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts the directory of the containerd socket of k3s or RKE2 from the",
				"node, /run/k3s/containerd",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	violations := runtime_socket_parent.violation with input as _host_path({"path": "/run/k3s/containerd"}, {})
	violations == expected
}

test_fail_b05_root_of_a_process if {
	expected := {
		{
			"msg": "volume \"node\" mounts the whole file system from the node, /proc/self/root (/)",
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	violations := runtime_socket_parent.violation with input as _host_path({"path": "/proc/self/root"}, {})
	violations == expected
}

test_fail_b06_sub_path_of_a_socket if {
	expected := {
		{
			"msg": "volume \"node\" mounts the directory of /var/run and /var/lib from the node, /var",
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	violations := runtime_socket_parent.violation with input as _host_path(
		{"path": "/var"},
		{"subPath": "run/docker.sock"},
	)
	violations == expected
}

test_fail_b06_sub_path_unresolved if {
	expected := {
		{
			"msg": "volume \"node\" mounts the directory of /var/run and /var/lib from the node, /var",
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	violations := runtime_socket_parent.violation with input as _host_path({"path": "/var"}, {"subPathExpr": "$(DIR)"})
	violations == expected
}

test_fail_b06_sub_path_beside_an_empty_one if {
	expected := {
		{
			"msg": "volume \"node\" mounts the directory of /var/run and /var/lib from the node, /var",
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	mount := {"subPath": "", "subPathExpr": "$(DIR)"}
	violations := runtime_socket_parent.violation with input as _host_path({"path": "/var"}, mount)
	violations == expected
}

test_fail_b06_empty_sub_path if {
	expected := {
		{
			"msg": "volume \"node\" mounts the directory of /var/run and /var/lib from the node, /var",
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	found := [violations |
		some empty in ["", null]
		violations := runtime_socket_parent.violation with input as _host_path({"path": "/var"}, {"subPath": empty})
	]
	found == [expected, expected]
}

test_fail_b06_harmless_sub_path_is_medium if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts the directory of /var/run and /var/lib from the node, /var; so",
				"far only harmless parts of it are mounted",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "medium"},
		},
	}
	violations := runtime_socket_parent.violation with input as _host_path({"path": "/var"}, {"subPath": "cache/maven"})
	violations == expected
}

test_fail_windows_every_pipe if {
	expected := {
		{
			"msg": "volume \"node\" mounts every named pipe from the node, \\\\.\\pipe\\ (//./pipe/)",
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	violations := runtime_socket_parent.violation with input as _host_path({"path": "\\\\.\\pipe\\"}, {})
	violations == expected
}

test_success_socket_is_another_finding if {
	violations := runtime_socket_parent.violation with input as _host_path({"path": "/run/docker.sock"}, {})
	violations == set()
}

test_success_f02_longer_names if {
	violations := runtime_socket_parent.violation with input as _host_path({"path": "/runs"}, {})
	violations == set()
}

test_success_f02_var_runner if {
	violations := runtime_socket_parent.violation with input as _host_path({"path": "/var/runner/cache"}, {})
	violations == set()
}

test_success_f01_empty_dir if {
	violations := runtime_socket_parent.violation with input as _pod({
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

_host_path(source, mount) := _pod({
	"containers": [{
		"name": "build",
		"volumeMounts": [object.union({"name": "node", "mountPath": "/host"}, mount)],
	}],
	"volumes": [{"name": "node", "hostPath": source}],
})

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
