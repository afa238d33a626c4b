package podgate.ci.host_aliases_test

import rego.v1

import data.podgate.ci.host_aliases

test_fail if {
	expected := {
		{
			"msg": "registry.example.com, r is 10.0.0.1 in this pod, whatever DNS says",
			"details": {
				"fix": [{"op": "remove", "path": "/spec/hostAliases/0"}],
				"path": "/spec/hostAliases/0",
			},
		},
	}
	violations := host_aliases.violation with input as _pod({
		"hostAliases": [{"ip": "10.0.0.1", "hostnames": ["registry.example.com", "r"]}, {"ip": "10.0.0.2"}],
		"containers": [{"name": "build"}],
	})
	violations == expected
}

test_success_none if {
	violations := host_aliases.violation with input as _pod({"hostAliases": [], "containers": [{"name": "build"}]})
	violations == set()
}

test_success_wrong_types if {
	violations := host_aliases.violation with input as _pod({
		"hostAliases": ["x", null, {"ip": "10.0.0.2", "hostnames": "a"}],
		"containers": [{"name": "build"}],
	})
	violations == set()
}

test_success_nulls if {
	violations := host_aliases.violation with input as _pod({"containers": null, "initContainers": [null, "x"], "volumes": null, "securityContext": null})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
