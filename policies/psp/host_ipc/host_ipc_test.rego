package podgate.psp.host_ipc_test

import rego.v1

import data.podgate.psp.host_ipc

test_fail_refused if {
	expected := {
		{
			"msg": "pod uses the node's IPC namespace, which the policy does not allow (hostIPC)",
			"details": {"path": "/spec/hostIPC"},
		},
	}
	violations := host_ipc.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"hostIPC": true, "containers": []},
			},
		},
		"parameters": {},
	}
	violations == expected
}

test_success_allowed if {
	violations := host_ipc.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"hostIPC": true, "containers": []},
			},
		},
		"parameters": {"hostIPC": true},
	}
	violations == set()
}

test_success_not_set if {
	violations := host_ipc.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"hostIPC": false, "containers": []},
			},
		},
		"parameters": {},
	}
	violations == set()
}
