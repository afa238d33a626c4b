package podgate.psp.host_ports_test

import rego.v1

import data.podgate.psp.host_ports

test_fail_refused if {
	expected := {
		{
			"msg": "container \"build\" opens port 80 of the node; the policy allows no range (hostPorts)",
			"details": {"path": "/spec/containers/0/ports/0/hostPort", "container": "build"},
		},
	}
	violations := host_ports.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"ports": [{"containerPort": 80, "hostPort": 80}],
						},
					],
				},
			},
		},
		"parameters": {},
	}
	violations == expected
}

test_fail_host_network if {
	expected := {
		{
			"msg": "container \"build\" opens port 81 of the node; the policy allows 1000-2000, 80-80 (hostPorts)",
			"details": {"path": "/spec/containers/0/ports/0/containerPort", "container": "build"},
		},
	}
	violations := host_ports.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"ports": [
								{"containerPort": 81},
								{"containerPort": 80},
								{
									"containerPort": 1500,
									"hostPort": 0,
								},
							],
						},
					],
					"hostNetwork": true,
				},
			},
		},
		"parameters": {
			"hostNetwork": true,
			"hostPorts": [{"min": 1000, "max": 2000}, {"min": 80, "max": 80}],
		},
	}
	violations == expected
}

test_success_in_range if {
	violations := host_ports.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"ports": [
								{
									"containerPort": 80,
									"hostPort": 80,
								},
								{
									"containerPort": 81,
									"hostPort": 81,
								},
							],
						},
					],
				},
			},
		},
		"parameters": {"hostPorts": [{"min": 80, "max": 81}]},
	}
	violations == set()
}

test_success_no_host_port if {
	violations := host_ports.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"ports": [
								{"containerPort": 80},
								{"containerPort": 80, "hostPort": 0},
							],
						},
					],
				},
			},
		},
		"parameters": {},
	}
	violations == set()
}
