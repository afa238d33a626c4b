package podgate.ci.host_ipc_test

import rego.v1

import data.podgate.ci.host_ipc

test_fail if {
	expected := {
		{
			"msg": "the pod shares memory segments and message queues with the node",
			"details": {"fix": [{"op": "remove", "path": "/spec/hostIPC"}], "path": "/spec/hostIPC"},
		},
	}
	violations := host_ipc.violation with input as _pod({"hostIPC": true, "containers": [{"name": "build"}]})
	violations == expected
}

test_success_false if {
	violations := host_ipc.violation with input as _pod({"hostIPC": false, "containers": [{"name": "build"}]})
	violations == set()
}

test_success_missing if {
	violations := host_ipc.violation with input as _pod({"containers": [{"name": "build"}]})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
