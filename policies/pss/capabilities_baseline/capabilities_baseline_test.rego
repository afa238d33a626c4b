package podgate.pss.capabilities_baseline_test

import rego.v1

import data.podgate.pss.capabilities_baseline as policy

test_fail_beyond_the_default if {
	violations := policy.violation with input as _pod({
		"initContainers": [{"name": "fetch", "securityContext": {"capabilities": {"add": ["CHOWN", "NET_RAW"]}}}],
		"containers": [{"name": "build", "securityContext": {"capabilities": {"add": ["CAP_CHOWN", null]}}}],
		"ephemeralContainers": [{"name": "debug", "securityContext": {"capabilities": {"add": ["ALL"]}}}],
	})
	violations == {
		{
			"msg": "init container \"fetch\" must not add the capability \"NET_RAW\"",
			"details": {
				"container": "fetch",
				"path": "/spec/initContainers/0/securityContext/capabilities/add/1",
			},
		},
		{
			"msg": "container \"build\" must not add the capability \"CAP_CHOWN\"",
			"details": {"container": "build", "path": "/spec/containers/0/securityContext/capabilities/add/0"},
		},
		{
			"msg": "container \"build\" must not add the capability \"null\"",
			"details": {"container": "build", "path": "/spec/containers/0/securityContext/capabilities/add/1"},
		},
		{
			"msg": "ephemeral container \"debug\" must not add the capability \"ALL\"",
			"details": {
				"container": "debug",
				"path": "/spec/ephemeralContainers/0/securityContext/capabilities/add/0",
			},
		},
	}
}

test_fail_restricted_before_its_own_check if {
	violations := policy.violation with input as _at("restricted", ["v1.21"], _adding(["SYS_TIME"]))
	count(violations) == 1
}

test_success_restricted_has_its_own_check if {
	violations := policy.violation with input as _at("restricted", ["v1.22", "latest"], _adding(["SYS_TIME"]))
	violations == set()
}

test_success_default if {
	violations := policy.violation with input as _pod(_adding(["CHOWN", "SYS_CHROOT"]))
	violations == set()
}

test_success_nulls if {
	violations := policy.violation with input as _pod({"containers": [
		{"name": "a", "securityContext": {"capabilities": {"add": null}}},
		{"name": "b", "securityContext": {"capabilities": null}},
	]})
	violations == set()
}

_adding(capabilities) := {"containers": [{
	"name": "build",
	"securityContext": {"capabilities": {"add": capabilities}},
}]}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}

_at(level, versions, spec) := object.union(_pod(spec), {"parameters": {"podSecurity": {level: versions}}})
