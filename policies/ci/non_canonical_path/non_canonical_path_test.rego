package podgate.ci.non_canonical_path_test

import rego.v1

import data.podgate.ci.non_canonical_path

test_fail_b03_trailing_slash if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" writes its path with detours: \"/var/run/docker.sock/\" means",
				"/var/run/docker.sock",
			]),
			"details": {
				"fix": [
					{
						"op": "replace",
						"path": "/spec/volumes/0/hostPath/path",
						"value": "/var/run/docker.sock",
					},
				],
				"path": "/spec/volumes/0/hostPath/path",
			},
		},
	}
	violations := non_canonical_path.violation with input as _host_path({"path": "/var/run/docker.sock/"}, {})
	violations == expected
}

test_fail_b03_double_slash if {
	expected := {
		{
			"msg": "volume \"node\" writes its path with detours: \"/data//cache\" means /data/cache",
			"details": {
				"fix": [
					{
						"op": "replace",
						"path": "/spec/volumes/0/hostPath/path",
						"value": "/data/cache",
					},
				],
				"path": "/spec/volumes/0/hostPath/path",
			},
		},
	}
	violations := non_canonical_path.violation with input as _host_path({"path": "/data//cache"}, {})
	violations == expected
}

test_fail_b03_spaces if {
	expected := {
		{
			"msg": "volume \"node\" writes its path with detours: \" /data/cache \" means /data/cache",
			"details": {
				"fix": [
					{
						"op": "replace",
						"path": "/spec/volumes/0/hostPath/path",
						"value": "/data/cache",
					},
				],
				"path": "/spec/volumes/0/hostPath/path",
			},
		},
	}
	violations := non_canonical_path.violation with input as _host_path({"path": " /data/cache "}, {})
	violations == expected
}

test_fail_b04_dot_dot if {
	expected := {
		{
			"msg": "volume \"node\" writes its path with detours: \"/data/a/../../run\" means /run",
			"details": {
				"fix": [{"op": "replace", "path": "/spec/volumes/0/hostPath/path", "value": "/run"}],
				"path": "/spec/volumes/0/hostPath/path",
			},
		},
	}
	violations := non_canonical_path.violation with input as _host_path({"path": "/data/a/../../run"}, {})
	violations == expected
}

test_fail_above_the_root if {
	expected := {
		{
			"msg": "volume \"node\" writes its path with detours: \"/../../data\" means /data",
			"details": {
				"fix": [
					{"op": "replace", "path": "/spec/volumes/0/hostPath/path", "value": "/data"},
				],
				"path": "/spec/volumes/0/hostPath/path",
			},
		},
	}
	violations := non_canonical_path.violation with input as _host_path({"path": "/../../data"}, {})
	violations == expected
}

test_fail_b05_root_of_a_process if {
	expected := {
		{
			"msg": "volume \"node\" writes its path with detours: \"/proc/1/root\" means /",
			"details": {
				"fix": [{"op": "replace", "path": "/spec/volumes/0/hostPath/path", "value": "/"}],
				"path": "/spec/volumes/0/hostPath/path",
			},
		},
	}
	violations := non_canonical_path.violation with input as _host_path({"path": "/proc/1/root"}, {})
	violations == expected
}

test_fail_relative if {
	expected := {
		{
			"msg": "volume \"node\" writes its path with detours: \"data/cache\" means /data/cache",
			"details": {
				"fix": [
					{
						"op": "replace",
						"path": "/spec/volumes/0/hostPath/path",
						"value": "/data/cache",
					},
				],
				"path": "/spec/volumes/0/hostPath/path",
			},
		},
	}
	violations := non_canonical_path.violation with input as _host_path({"path": "data/cache"}, {})
	violations == expected
}

test_fail_sub_path if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\", through subPath \"./cache\" of volume \"node\", writes its path with",
				"detours: \"./cache\" means /data/cache",
			]),
			"details": {"container": "build", "path": "/spec/containers/0/volumeMounts/0/subPath"},
		},
	}
	violations := non_canonical_path.violation with input as _host_path({"path": "/data"}, {"subPath": "./cache"})
	violations == expected
}

test_fail_windows if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" writes its path with detours: \"C:\\a\\..\\ProgramData\" means",
				"c:/programdata",
			]),
			"details": {
				"fix": [
					{
						"op": "replace",
						"path": "/spec/volumes/0/hostPath/path",
						"value": "c:/programdata",
					},
				],
				"path": "/spec/volumes/0/hostPath/path",
			},
		},
	}
	violations := non_canonical_path.violation with input as _host_path({"path": "C:\\a\\..\\ProgramData"}, {})
	violations == expected
}

test_success_root if {
	violations := non_canonical_path.violation with input as _host_path({"path": "/"}, {})
	violations == set()
}

test_success_alias if {
	violations := non_canonical_path.violation with input as _host_path({"path": "/var/run"}, {})
	violations == set()
}

test_success_windows if {
	violations := non_canonical_path.violation with input as _host_path({"path": "C:\\cache"}, {})
	violations == set()
}

test_success_unresolved if {
	violations := non_canonical_path.violation with input as _host_path({"path": "${DIR}//x"}, {})
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
