package podgate.psp.read_only_root_filesystem_test

import rego.v1

import data.podgate.psp.read_only_root_filesystem

test_fail_written if {
	expected := {
		{
			"msg": "container \"build\" may write its root file system, which the policy does not allow (readOnlyRootFilesystem)",
			"details": {
				"path": "/spec/containers/0/securityContext/readOnlyRootFilesystem",
				"container": "build",
			},
		},
	}
	violations := read_only_root_filesystem.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"securityContext": {"readOnlyRootFilesystem": false},
						},
						{
							"name": "build",
							"securityContext": {"readOnlyRootFilesystem": true},
						},
						{"name": "build"},
					],
				},
			},
		},
		"parameters": {"readOnlyRootFilesystem": true},
	}
	violations == expected
}

test_success_not_asked if {
	violations := read_only_root_filesystem.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"securityContext": {"readOnlyRootFilesystem": false},
						},
					],
				},
			},
		},
		"parameters": {},
	}
	violations == set()
}
