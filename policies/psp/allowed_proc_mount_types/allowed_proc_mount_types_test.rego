package podgate.psp.allowed_proc_mount_types_test

import rego.v1

import data.podgate.psp.allowed_proc_mount_types

test_fail_unmasked if {
	expected := {
		{
			"msg": "container \"build\" has procMount Unmasked, which the policy does not allow (allowedProcMountTypes)",
			"details": {
				"path": "/spec/containers/0/securityContext/procMount",
				"container": "build",
			},
		},
	}
	violations := allowed_proc_mount_types.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"securityContext": {"procMount": "Unmasked"},
						},
					],
				},
			},
		},
		"parameters": {},
	}
	violations == expected
}

test_fail_default_not_listed if {
	expected := {
		{
			"msg": "container \"build\" has procMount Default, which the policy does not allow (allowedProcMountTypes)",
			"details": {
				"path": "/spec/containers/0/securityContext/procMount",
				"container": "build",
			},
		},
	}
	violations := allowed_proc_mount_types.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [{"name": "build"}]},
			},
		},
		"parameters": {"allowedProcMountTypes": ["Unmasked"]},
	}
	violations == expected
}

test_success_listed if {
	violations := allowed_proc_mount_types.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"securityContext": {"procMount": "Unmasked"},
						},
						{"name": "build"},
					],
				},
			},
		},
		"parameters": {"allowedProcMountTypes": ["Default", "Unmasked"]},
	}
	violations == set()
}

test_success_not_set if {
	violations := allowed_proc_mount_types.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [{"name": "build"}]},
			},
		},
		"parameters": {},
	}
	violations == set()
}
