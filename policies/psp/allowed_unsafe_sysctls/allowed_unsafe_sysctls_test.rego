package podgate.psp.allowed_unsafe_sysctls_test

import rego.v1

import data.podgate.psp.allowed_unsafe_sysctls

test_fail_unsafe if {
	expected := {
		{
			"msg": "pod sets the sysctl kernel.sem, which is neither safe nor allowed (allowedUnsafeSysctls)",
			"details": {"path": "/spec/securityContext/sysctls/0/name"},
		},
		{
			"msg": "pod sets the sysctl net.core.somaxconn2, which is neither safe nor allowed (allowedUnsafeSysctls)",
			"details": {"path": "/spec/securityContext/sysctls/3/name"},
		},
	}
	violations := allowed_unsafe_sysctls.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [],
					"securityContext": {
						"sysctls": [
							{"name": "kernel.sem", "value": "1"},
							{"name": "kernel.msgmax", "value": "1"},
							{"name": "net.core.somaxconn", "value": "1"},
							{
								"name": "net.core.somaxconn2",
								"value": "1",
							},
						],
					},
				},
			},
		},
		"parameters": {"allowedUnsafeSysctls": ["kernel.msg*", "net.core.somaxconn"]},
	}
	violations == expected
}

test_success_safe if {
	violations := allowed_unsafe_sysctls.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [],
					"securityContext": {
						"sysctls": [
							{
								"name": "kernel.shm_rmid_forced",
								"value": "1",
							},
							{
								"name": "net.ipv4.ip_unprivileged_port_start",
								"value": "1",
							},
						],
					},
				},
			},
		},
		"parameters": {},
	}
	violations == set()
}

test_success_all if {
	violations := allowed_unsafe_sysctls.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [],
					"securityContext": {"sysctls": [{"name": "kernel.sem", "value": "1"}]},
				},
			},
		},
		"parameters": {"allowedUnsafeSysctls": ["*"]},
	}
	violations == set()
}
