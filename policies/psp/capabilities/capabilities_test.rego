package podgate.psp.capabilities_test

import rego.v1

import data.podgate.psp.capabilities

test_fail_refused if {
	expected := {
		{
			"msg": "container \"build\" adds the capability CAP_CHOWN, which the policy does not allow (allowedCapabilities)",
			"details": {
				"path": "/spec/containers/0/securityContext/capabilities/add/2",
				"container": "build",
			},
		},
		{
			"msg": "container \"build\" adds the capability chown, which the policy does not allow (allowedCapabilities)",
			"details": {
				"path": "/spec/containers/0/securityContext/capabilities/add/3",
				"container": "build",
			},
		},
	}
	violations := capabilities.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"securityContext": {
								"capabilities": {
									"add": [
										"CHOWN",
										"KILL",
										"CAP_CHOWN",
										"chown",
									],
								},
							},
						},
					],
				},
			},
		},
		"parameters": {"allowedCapabilities": ["CHOWN"], "defaultAddCapabilities": ["KILL"]},
	}
	violations == expected
}

test_success_all if {
	violations := capabilities.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"securityContext": {"capabilities": {"add": ["SYS_ADMIN"]}},
						},
					],
				},
			},
		},
		"parameters": {"allowedCapabilities": ["*"]},
	}
	violations == set()
}

test_success_none_added if {
	violations := capabilities.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"securityContext": {"capabilities": {"drop": ["ALL"]}},
						},
						{"name": "build"},
					],
				},
			},
		},
		"parameters": {},
	}
	violations == set()
}
