package podgate.pss.host_namespaces_test

import rego.v1

import data.podgate.pss.host_namespaces as policy

test_fail if {
	violations := policy.violation with input as _pod({"hostNetwork": true, "hostPID": true, "hostIPC": true})
	violations == {
		{"msg": "the pod must not set hostNetwork to true", "details": {"path": "/spec/hostNetwork"}},
		{"msg": "the pod must not set hostPID to true", "details": {"path": "/spec/hostPID"}},
		{"msg": "the pod must not set hostIPC to true", "details": {"path": "/spec/hostIPC"}},
	}
}

test_success if {
	violations := policy.violation with input as _pod({"hostNetwork": false, "hostPID": null})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
