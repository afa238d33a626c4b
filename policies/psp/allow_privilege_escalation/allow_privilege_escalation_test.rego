package podgate.psp.allow_privilege_escalation_test

import rego.v1

import data.podgate.psp.allow_privilege_escalation

test_fail_written if {
	expected := {
		{
			"msg": "container \"build\" allows privilege escalation, which the policy does not (allowPrivilegeEscalation)",
			"details": {
				"path": "/spec/containers/0/securityContext/allowPrivilegeEscalation",
				"container": "build",
			},
		},
	}
	violations := allow_privilege_escalation.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"securityContext": {"allowPrivilegeEscalation": true},
						},
						{
							"name": "build",
							"securityContext": {"allowPrivilegeEscalation": false},
						},
						{"name": "build"},
					],
				},
			},
		},
		"parameters": {},
	}
	violations == expected
}

test_fail_by_default if {
	expected := {
		{
			"msg": "container \"build\" allows privilege escalation, which the policy does not (allowPrivilegeEscalation)",
			"details": {
				"path": "/spec/containers/0/securityContext/allowPrivilegeEscalation",
				"container": "build",
			},
		},
	}
	violations := allow_privilege_escalation.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [{"name": "build"}]},
			},
		},
		"parameters": {"defaultAllowPrivilegeEscalation": true},
	}
	violations == expected
}

test_success_allowed if {
	violations := allow_privilege_escalation.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"securityContext": {"allowPrivilegeEscalation": true},
						},
					],
				},
			},
		},
		"parameters": {"allowPrivilegeEscalation": true},
	}
	violations == set()
}
