package podgate.psp.forbidden_sysctls_test

import rego.v1

import data.podgate.psp.forbidden_sysctls

test_fail_forbidden if {
	expected := {
		{
			"msg": "pod sets the sysctl kernel.shm_rmid_forced, which the policy forbids (forbiddenSysctls)",
			"details": {"path": "/spec/securityContext/sysctls/0/name"},
		},
	}
	violations := forbidden_sysctls.violation with input as {
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
							{"name": "kernel.sem", "value": "1"},
						],
					},
				},
			},
		},
		"parameters": {"forbiddenSysctls": ["kernel.shm*"], "allowedUnsafeSysctls": ["*"]},
	}
	violations == expected
}

test_success_another if {
	violations := forbidden_sysctls.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [],
					"securityContext": {
						"sysctls": [{"name": "net.ipv4.tcp_syncookies", "value": "1"}],
					},
				},
			},
		},
		"parameters": {"forbiddenSysctls": ["kernel.shm_rmid_forced"]},
	}
	violations == set()
}
