package podgate.pss.privileged_test

import rego.v1

import data.podgate.pss.privileged as policy

test_fail if {
	violations := policy.violation with input as _pod({
		"hostUsers": false,
		"initContainers": [{"name": "fetch", "securityContext": {"privileged": true}}],
		"containers": [{"name": "build"}, {"securityContext": {"privileged": true}}],
		"ephemeralContainers": [{"name": "debug", "securityContext": {"privileged": true}}],
	})
	violations == {
		{
			"msg": "init container \"fetch\" must not set securityContext.privileged to true",
			"details": {"container": "fetch", "path": "/spec/initContainers/0/securityContext/privileged"},
		},
		{
			"msg": "container number 2 must not set securityContext.privileged to true",
			"details": {"container": "", "path": "/spec/containers/1/securityContext/privileged"},
		},
		{
			"msg": "ephemeral container \"debug\" must not set securityContext.privileged to true",
			"details": {"container": "debug", "path": "/spec/ephemeralContainers/0/securityContext/privileged"},
		},
	}
}

test_success if {
	violations := policy.violation with input as _pod({"containers": [
		{"name": "false", "securityContext": {"privileged": false}},
		{"name": "null", "securityContext": {"privileged": null}},
	]})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
