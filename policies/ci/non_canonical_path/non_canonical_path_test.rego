package podgate.ci.non_canonical_path_test

import rego.v1

import data.podgate.ci.non_canonical_path

test_fail_b03_trailing_slash if {
	expected := {
		{
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
			"msg": "volume \"node\" writes its path with detours: \"/var/run/docker.sock/\" means /var/run/docker.sock",
		},
	}
	violations := non_canonical_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/var/run/docker.sock/"}}],
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

test_fail_b03_double_slash if {
	expected := {
		{
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
			"msg": "volume \"node\" writes its path with detours: \"/data//cache\" means /data/cache",
		},
	}
	violations := non_canonical_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/data//cache"}}],
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

test_fail_b03_spaces if {
	expected := {
		{
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
			"msg": "volume \"node\" writes its path with detours: \" /data/cache \" means /data/cache",
		},
	}
	violations := non_canonical_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": " /data/cache "}}],
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
			"details": {
				"fix": [{"op": "replace", "path": "/spec/volumes/0/hostPath/path", "value": "/run"}],
				"path": "/spec/volumes/0/hostPath/path",
			},
			"msg": "volume \"node\" writes its path with detours: \"/data/a/../../run\" means /run",
		},
	}
	violations := non_canonical_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/data/a/../../run"}}],
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

test_fail_above_the_root if {
	expected := {
		{
			"details": {
				"fix": [
					{"op": "replace", "path": "/spec/volumes/0/hostPath/path", "value": "/data"},
				],
				"path": "/spec/volumes/0/hostPath/path",
			},
			"msg": "volume \"node\" writes its path with detours: \"/../../data\" means /data",
		},
	}
	violations := non_canonical_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/../../data"}}],
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
			"details": {
				"fix": [{"op": "replace", "path": "/spec/volumes/0/hostPath/path", "value": "/"}],
				"path": "/spec/volumes/0/hostPath/path",
			},
			"msg": "volume \"node\" writes its path with detours: \"/proc/1/root\" means /",
		},
	}
	violations := non_canonical_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/proc/1/root"}}],
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

test_fail_relative if {
	expected := {
		{
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
			"msg": "volume \"node\" writes its path with detours: \"data/cache\" means /data/cache",
		},
	}
	violations := non_canonical_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "data/cache"}}],
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
			"details": {"container": "build", "path": "/spec/containers/0/volumeMounts/0/subPath"},
			"msg": "container \"build\", through subPath \"./cache\" of volume \"node\", writes its path with detours: \"./cache\" means /data/cache",
		},
	}
	violations := non_canonical_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/data"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [
								{"name": "node", "mountPath": "/host", "subPath": "./cache"},
							],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_windows if {
	expected := {
		{
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
			"msg": "volume \"node\" writes its path with detours: \"C:\\a\\..\\ProgramData\" means c:/programdata",
		},
	}
	violations := non_canonical_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "C:\\a\\..\\ProgramData"}}],
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

test_success_root if {
	violations := non_canonical_path.violation with input as {
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
	violations == set()
}

test_success_alias if {
	violations := non_canonical_path.violation with input as {
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
	violations == set()
}

test_success_windows if {
	violations := non_canonical_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "C:\\cache"}}],
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

test_success_unresolved if {
	violations := non_canonical_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "${DIR}//x"}}],
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
