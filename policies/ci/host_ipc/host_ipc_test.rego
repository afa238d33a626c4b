package podgate.ci.host_ipc_test

import rego.v1

import data.podgate.ci.host_ipc

test_fail if {
	expected := {
		{
			"details": {"fix": [{"op": "remove", "path": "/spec/hostIPC"}], "path": "/spec/hostIPC"},
			"msg": "the pod shares memory segments and message queues with the node",
		},
	}
	violations := host_ipc.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {"hostIPC": true, "containers": [{"name": "build", "image": "alpine:3.22"}]},
			},
		},
	}
	violations == expected
}

test_success_false if {
	violations := host_ipc.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"hostIPC": false,
					"containers": [{"name": "build", "image": "alpine:3.22"}],
				},
			},
		},
	}
	violations == set()
}

test_success_missing if {
	violations := host_ipc.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {"containers": [{"name": "build", "image": "alpine:3.22"}]},
			},
		},
	}
	violations == set()
}
