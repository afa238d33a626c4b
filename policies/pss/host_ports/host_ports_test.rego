package podgate.pss.host_ports_test

import rego.v1

import data.podgate.pss.host_ports as policy

test_fail if {
	port := [{"containerPort": 80}, {"containerPort": 81, "hostPort": 8081}]
	violations := policy.violation with input as _pod({
		"initContainers": [{"name": "fetch", "ports": port}],
		"containers": [{"name": "build", "ports": port}],
		"ephemeralContainers": [{"name": "debug", "ports": port}],
	})
	violations == {
		{
			"msg": "init container \"fetch\" must not use hostPort 8081",
			"details": {"container": "fetch", "path": "/spec/initContainers/0/ports/1/hostPort"},
		},
		{
			"msg": "container \"build\" must not use hostPort 8081",
			"details": {"container": "build", "path": "/spec/containers/0/ports/1/hostPort"},
		},
		{
			"msg": "ephemeral container \"debug\" must not use hostPort 8081",
			"details": {"container": "debug", "path": "/spec/ephemeralContainers/0/ports/1/hostPort"},
		},
	}
}

test_success if {
	violations := policy.violation with input as _pod({"containers": [
		{"name": "zero", "ports": [{"containerPort": 80, "hostPort": 0}]},
		{"name": "null", "ports": [{"containerPort": 80, "hostPort": null}]},
		{"name": "none", "ports": null},
	]})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
