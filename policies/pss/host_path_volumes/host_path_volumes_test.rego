package podgate.pss.host_path_volumes_test

import rego.v1

import data.podgate.pss.host_path_volumes as policy

test_fail_any_host_path if {
	violations := policy.violation with input as _pod({"volumes": [
		{"name": "logs", "hostPath": {"path": "/var/log"}},
		{"name": "empty", "hostPath": {}},
		{"name": "none", "hostPath": null},
		{"hostPath": {"path": "/"}, "emptyDir": {}},
	]})
	violations == {
		{"msg": "volume \"logs\" must not be a hostPath", "details": {"path": "/spec/volumes/0/hostPath"}},
		{"msg": "volume \"empty\" must not be a hostPath", "details": {"path": "/spec/volumes/1/hostPath"}},
		{"msg": "volume \"\" must not be a hostPath", "details": {"path": "/spec/volumes/3/hostPath"}},
	}
}

test_success_others if {
	violations := policy.violation with input as _pod({"volumes": [{"name": "a", "nfs": {"server": "b"}}]})
	violations == set()
}

test_success_null if {
	violations := policy.violation with input as _pod({"volumes": null})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
