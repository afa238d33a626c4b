package podgate.ci.host_port_test

import rego.v1

import data.podgate.ci.host_port

test_fail if {
	expected := {
		{
			"msg": "container \"build\" opens port 8080 on the node",
			"details": {
				"container": "build",
				"fix": [{"op": "remove", "path": "/spec/containers/0/ports/0/hostPort"}],
				"path": "/spec/containers/0/ports/0/hostPort",
			},
		},
	}
	violations := host_port.violation with input as _pod({
		"containers": [{"name": "build", "ports": [{"containerPort": 80, "hostPort": 8080}]}],
	})
	violations == expected
}

test_fail_host_network_with_another_port if {
	expected := {
		{
			"msg": "container \"build\" opens port 8080 on the node",
			"details": {
				"container": "build",
				"fix": [{"op": "remove", "path": "/spec/containers/0/ports/0/hostPort"}],
				"path": "/spec/containers/0/ports/0/hostPort",
			},
		},
	}
	violations := host_port.violation with input as _pod({
		"containers": [{"name": "build", "ports": [{"containerPort": 80, "hostPort": 8080}]}],
		"hostNetwork": true,
	})
	violations == expected
}

test_fail_host_network_with_the_same_port if {
	expected := {
		{
			"msg": "container \"build\" opens port 80 on the node",
			"details": {
				"container": "build",
				"fix": [{"op": "remove", "path": "/spec/containers/0/ports/0/hostPort"}],
				"path": "/spec/containers/0/ports/0/hostPort",
			},
		},
	}
	violations := host_port.violation with input as _pod({
		"containers": [{"name": "build", "ports": [{"containerPort": 80, "hostPort": 80}]}],
		"hostNetwork": true,
	})
	violations == expected
}

test_success_f05_zero if {
	violations := host_port.violation with input as _pod({
		"containers": [{"name": "build", "ports": [{"containerPort": 80, "hostPort": 0}]}],
	})
	violations == set()
}

test_success_missing if {
	violations := host_port.violation with input as _pod({
		"containers": [{"name": "build", "ports": [{"containerPort": 80}]}],
	})
	violations == set()
}

test_success_nulls if {
	violations := host_port.violation with input as _pod({"containers": [{"name": "build", "ports": null}]})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
