package podgate.ci.host_network_test

import rego.v1

import data.podgate.ci.host_network

test_fail if {
	expected := {
		{
			"details": {
				"fix": [{"op": "remove", "path": "/spec/hostNetwork"}],
				"path": "/spec/hostNetwork",
			},
			"msg": "the pod uses the node's network, and so reaches what listens on its 127.0.0.1 and the cloud's metadata service",
		},
	}
	violations := host_network.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"hostNetwork": "on",
					"containers": [{"name": "build", "image": "alpine:3.22"}],
				},
			},
		},
	}
	violations == expected
}

test_success_false if {
	violations := host_network.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"hostNetwork": false,
					"containers": [{"name": "build", "image": "alpine:3.22"}],
				},
			},
		},
	}
	violations == set()
}

test_success_missing if {
	violations := host_network.violation with input as {
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
