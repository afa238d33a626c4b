package podgate.ci.host_probes_test

import rego.v1

import data.podgate.ci.host_probes

test_fail_probes if {
	expected := {
		{
			"msg": "container \"build\" has the kubelet call 169.254.169.254, from the node's network",
			"details": {
				"container": "build",
				"fix": [{"op": "remove", "path": "/spec/containers/0/livenessProbe/httpGet/host"}],
				"path": "/spec/containers/0/livenessProbe/httpGet/host",
			},
		},
		{
			"msg": "container \"build\" has the kubelet call db, from the node's network",
			"details": {
				"container": "build",
				"fix": [{"op": "remove", "path": "/spec/containers/0/readinessProbe/tcpSocket/host"}],
				"path": "/spec/containers/0/readinessProbe/tcpSocket/host",
			},
		},
		{
			"msg": "init container \"side\" has the kubelet call 127.0.0.1, from the node's network",
			"details": {
				"container": "side",
				"fix": [{"op": "remove", "path": "/spec/initContainers/0/startupProbe/httpGet/host"}],
				"path": "/spec/initContainers/0/startupProbe/httpGet/host",
			},
		},
	}
	violations := host_probes.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"livenessProbe": {"httpGet": {"host": "169.254.169.254", "port": 80}},
				"readinessProbe": {"tcpSocket": {"host": "db", "port": 1}},
			},
		],
		"initContainers": [{"name": "side", "startupProbe": {"httpGet": {"host": "127.0.0.1", "port": 80}}}],
	})
	violations == expected
}

test_fail_hooks if {
	expected := {
		{
			"msg": "container \"build\" has the kubelet call a, from the node's network",
			"details": {
				"container": "build",
				"fix": [{"op": "remove", "path": "/spec/containers/0/lifecycle/postStart/httpGet/host"}],
				"path": "/spec/containers/0/lifecycle/postStart/httpGet/host",
			},
		},
		{
			"msg": "container \"build\" has the kubelet call b, from the node's network",
			"details": {
				"container": "build",
				"fix": [{"op": "remove", "path": "/spec/containers/0/lifecycle/preStop/tcpSocket/host"}],
				"path": "/spec/containers/0/lifecycle/preStop/tcpSocket/host",
			},
		},
	}
	violations := host_probes.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"lifecycle": {
					"postStart": {"httpGet": {"host": "a", "port": 80}},
					"preStop": {"tcpSocket": {"host": "b", "port": 80}},
				},
			},
		],
	})
	violations == expected
}

test_success_own_pod if {
	violations := host_probes.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"livenessProbe": {"httpGet": {"host": "", "port": 80}},
				"readinessProbe": {"exec": {"command": ["true"]}},
				"startupProbe": null,
				"lifecycle": {"preStop": {"exec": {"command": ["x"]}}},
			},
		],
	})
	violations == set()
}

test_success_wrong_types if {
	violations := host_probes.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"livenessProbe": "x",
				"lifecycle": [],
				"readinessProbe": {"httpGet": "x", "tcpSocket": {"host": null}},
			},
		],
	})
	violations == set()
}

test_success_nulls if {
	violations := host_probes.violation with input as _pod({"containers": null, "initContainers": [null, "x"], "volumes": null, "securityContext": null})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
