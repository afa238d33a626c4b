package podgate.ci.read_only_rootfs_test

import rego.v1

import data.podgate.ci.read_only_rootfs

test_fail_missing if {
	expected := {
		{
			"details": {"container": "prepare", "path": "/spec/initContainers/0"},
			"msg": concat(" ", [
				"init container \"prepare\" can change its own programs: its root file system",
				"is writable",
			]),
		},
	}
	violations := read_only_rootfs.violation with input as _pod({
		"initContainers": [{"name": "prepare"}],
		"containers": [{"name": "build", "securityContext": {"readOnlyRootFilesystem": true}}],
	})
	violations == expected
}

test_fail_false if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/readOnlyRootFilesystem",
			},
			"msg": "container \"build\" can change its own programs: its root file system is writable",
		},
	}
	violations := read_only_rootfs.violation with input as _pod({
		"containers": [{"name": "build", "securityContext": {"readOnlyRootFilesystem": false}}],
	})
	violations == expected
}

test_fail_false_in_a_part if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/readOnlyRootFilesystem",
			},
			"msg": "container \"build\" can change its own programs: its root file system is writable",
		},
	}
	violations := read_only_rootfs.violation with input as _part({
		"containers": [
			{"name": "build", "securityContext": {"readOnlyRootFilesystem": false}},
			{"name": "second"},
		],
	})
	violations == expected
}

test_success_true if {
	violations := read_only_rootfs.violation with input as _pod({"containers": [{"name": "build", "securityContext": {"readOnlyRootFilesystem": true}}]})
	violations == set()
}

test_success_windows if {
	violations := read_only_rootfs.violation with input as _pod({"containers": [{"name": "build", "securityContext": {}}], "os": {"name": "windows"}})
	violations == set()
}

test_success_missing_in_a_part if {
	violations := read_only_rootfs.violation with input as _part({"containers": [{"name": "build"}]})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}

_part(spec) := {"review": {"object": {"spec": spec}, "namespace": "ci"}, "partial": true}
