package podgate.ci.host_port_test

import rego.v1

import data.podgate.ci.host_port

test_fail if {
	expected := {
		{
			"details": {
				"container": "build",
				"fix": [{"op": "remove", "path": "/spec/containers/0/ports/0/hostPort"}],
				"path": "/spec/containers/0/ports/0/hostPort",
			},
			"msg": "container \"build\" opens port 8080 on the node",
		},
	}
	violations := host_port.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"ports": [{"containerPort": 80, "hostPort": 8080}],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_host_network_with_another_port if {
	expected := {
		{
			"details": {
				"container": "build",
				"fix": [{"op": "remove", "path": "/spec/containers/0/ports/0/hostPort"}],
				"path": "/spec/containers/0/ports/0/hostPort",
			},
			"msg": "container \"build\" opens port 8080 on the node",
		},
	}
	violations := host_port.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"ports": [{"containerPort": 80, "hostPort": 8080}],
						},
					],
					"hostNetwork": true,
				},
			},
		},
	}
	violations == expected
}

test_success_implied_by_host_network if {
	violations := host_port.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"ports": [{"containerPort": 80, "hostPort": 80}],
						},
					],
					"hostNetwork": true,
				},
			},
		},
	}
	violations == set()
}

test_success_f05_zero if {
	violations := host_port.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"ports": [{"containerPort": 80, "hostPort": 0}],
						},
					],
				},
			},
		},
	}
	violations == set()
}

test_success_missing if {
	violations := host_port.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{"name": "build", "image": "alpine:3.22", "ports": [{"containerPort": 80}]},
					],
				},
			},
		},
	}
	violations == set()
}

test_success_nulls if {
	violations := host_port.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {"containers": [{"name": "build", "image": "alpine:3.22", "ports": null}]},
			},
		},
	}
	violations == set()
}
