package podgate.pss.restricted_volumes_test

import rego.v1

import data.podgate.pss.restricted_volumes as policy

test_fail if {
	violations := policy.violation with input as _pod({"volumes": [
		{"name": "host", "hostPath": {"path": "/"}},
		{"name": "share", "nfs": {"server": "a"}},
		{"flexVolume": {}, "emptyDir": null},
	]})
	violations == {
		{
			"msg": "volume \"host\" must not be of the kind hostPath",
			"details": {"path": "/spec/volumes/0/hostPath"},
		},
		{"msg": "volume \"share\" must not be of the kind nfs", "details": {"path": "/spec/volumes/1/nfs"}},
		{"msg": "volume \"\" must not be of the kind flexVolume", "details": {"path": "/spec/volumes/2/flexVolume"}},
	}
}

test_success if {
	violations := policy.violation with input as _pod({"volumes": [
		{"name": "a", "emptyDir": {}},
		{"name": "b", "image": {"reference": "c"}},
		{"name": "both", "csi": {"driver": "d"}, "nfs": {"server": "e"}},
		{"name": "none"},
		{"name": "null", "hostPath": null},
	]})
	violations == set()
}

test_success_null if {
	violations := policy.violation with input as _pod({"volumes": null})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
