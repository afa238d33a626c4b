package podgate.ci.host_network_test

import rego.v1

import data.podgate.ci.host_network

test_fail if {
	expected := {
		{
			"msg": concat(" ", [
				"the pod uses the node's network, and so reaches what listens on its 127.0.0.1 and the",
				"cloud's metadata service",
			]),
			"details": {
				"fix": [{"op": "remove", "path": "/spec/hostNetwork"}],
				"path": "/spec/hostNetwork",
			},
		},
	}
	violations := host_network.violation with input as _pod({
		"hostNetwork": "on",
		"containers": [{"name": "build"}],
	})
	violations == expected
}

test_success_false if {
	violations := host_network.violation with input as _pod({
		"hostNetwork": false,
		"containers": [{"name": "build"}],
	})
	violations == set()
}

test_success_missing if {
	violations := host_network.violation with input as _pod({"containers": [{"name": "build"}]})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
