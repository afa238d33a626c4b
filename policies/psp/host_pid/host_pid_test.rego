package podgate.psp.host_pid_test

import rego.v1

import data.podgate.psp.host_pid

test_fail_refused if {
	expected := {
		{
			"msg": "pod uses the node's process namespace, which the policy does not allow (hostPID)",
			"details": {"path": "/spec/hostPID"},
		},
	}
	violations := host_pid.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"hostPID": true, "containers": []},
			},
		},
		"parameters": {},
	}
	violations == expected
}

test_success_allowed if {
	violations := host_pid.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"hostPID": true, "containers": []},
			},
		},
		"parameters": {"hostPID": true},
	}
	violations == set()
}

test_success_not_set if {
	violations := host_pid.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"hostPID": false, "containers": []},
			},
		},
		"parameters": {},
	}
	violations == set()
}
