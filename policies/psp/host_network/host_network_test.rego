package podgate.psp.host_network_test

import rego.v1

import data.podgate.psp.host_network

test_fail_refused if {
	expected := {
		{
			"msg": "pod uses the node's network, which the policy does not allow (hostNetwork)",
			"details": {"path": "/spec/hostNetwork"},
		},
	}
	violations := host_network.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"hostNetwork": true, "containers": []},
			},
		},
		"parameters": {},
	}
	violations == expected
}

test_success_allowed if {
	violations := host_network.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"hostNetwork": true, "containers": []},
			},
		},
		"parameters": {"hostNetwork": true},
	}
	violations == set()
}

test_success_not_set if {
	violations := host_network.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"hostNetwork": false, "containers": []},
			},
		},
		"parameters": {},
	}
	violations == set()
}
