package podgate.pss.host_probes_and_host_lifecycle_test

import rego.v1

import data.podgate.pss.host_probes_and_host_lifecycle as policy

test_fail_each_handler if {
	violations := policy.violation with input as _pod({
		"initContainers": [{"name": "fetch", "livenessProbe": {"httpGet": {"host": "10.0.0.1", "port": 80}}}],
		"containers": [{
			"name": "build",
			"readinessProbe": {"tcpSocket": {"host": "10.0.0.2", "port": 80}},
			"startupProbe": {"httpGet": {"host": "", "port": 80}},
			"lifecycle": {
				"postStart": {"httpGet": {"host": "10.0.0.3", "port": 80}},
				"preStop": {"exec": {"command": ["true"]}, "httpGet": null},
			},
		}],
		"ephemeralContainers": [{"name": "debug", "lifecycle": {"preStop": {"tcpSocket": {"host": "localhost"}}}}],
	})
	violations == {
		{
			"msg": "init container \"fetch\" must not have the node call the host \"10.0.0.1\"",
			"details": {"container": "fetch", "path": "/spec/initContainers/0/livenessProbe/httpGet/host"},
		},
		{
			"msg": "container \"build\" must not have the node call the host \"10.0.0.2\"",
			"details": {"container": "build", "path": "/spec/containers/0/readinessProbe/tcpSocket/host"},
		},
		{
			"msg": "container \"build\" must not have the node call the host \"10.0.0.3\"",
			"details": {"container": "build", "path": "/spec/containers/0/lifecycle/postStart/httpGet/host"},
		},
		{
			"msg": "ephemeral container \"debug\" must not have the node call the host \"localhost\"",
			"details": {
				"container": "debug",
				"path": "/spec/ephemeralContainers/0/lifecycle/preStop/tcpSocket/host",
			},
		},
	}
}

test_fail_in_one_of_several_versions if {
	violations := policy.violation with input as _at("restricted", ["v1.20", "v1.34"], _probing)
	count(violations) == 1
}

test_success_before_the_check if {
	violations := policy.violation with input as _at("baseline", ["v1.33"], _probing)
	violations == set()
}

test_success_nulls if {
	violations := policy.violation with input as _pod({"containers": [{
		"name": "build",
		"livenessProbe": null,
		"readinessProbe": {"httpGet": {"host": null}},
		"lifecycle": {"postStart": null},
	}]})
	violations == set()
}

_probing := {"containers": [{"name": "build", "livenessProbe": {"tcpSocket": {"host": "a"}}}]}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}

_at(level, versions, spec) := object.union(_pod(spec), {"parameters": {"podSecurity": {level: versions}}})
