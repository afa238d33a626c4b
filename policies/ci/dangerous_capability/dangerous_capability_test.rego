package podgate.ci.dangerous_capability_test

import rego.v1

import data.podgate.ci.dangerous_capability

test_fail_b19_lower_case if {
	expected := {
		{
			"msg": "container \"build\" adds the capability sys_admin",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/capabilities/add/0",
				"severity": "critical",
			},
		},
	}
	violations := dangerous_capability.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"capabilities": {"drop": ["ALL"], "add": ["sys_admin"]}},
			},
		],
	})
	violations == expected
}

test_fail_b19_prefix if {
	expected := {
		{
			"msg": "container \"build\" adds the capability CAP_SYS_ADMIN",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/capabilities/add/0",
				"severity": "critical",
			},
		},
	}
	violations := dangerous_capability.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"capabilities": {"drop": ["ALL"], "add": ["CAP_SYS_ADMIN"]}},
			},
		],
	})
	violations == expected
}

test_fail_b19_all if {
	expected := {
		{
			"msg": "container \"build\" adds the capability all",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/capabilities/add/0",
				"severity": "critical",
			},
		},
	}
	violations := dangerous_capability.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"capabilities": {"drop": ["ALL"], "add": ["all"]}},
			},
		],
	})
	violations == expected
}

test_fail_high if {
	expected := {
		{
			"msg": "container \"build\" adds the capability NET_ADMIN",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/capabilities/add/0",
				"severity": "high",
			},
		},
	}
	violations := dangerous_capability.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"capabilities": {"drop": ["ALL"], "add": ["NET_ADMIN"]}},
			},
		],
	})
	violations == expected
}

test_fail_others_are_medium if {
	expected := {
		{
			"msg": "container \"build\" adds the capability NET_RAW",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/capabilities/add/0",
				"severity": "medium",
			},
		},
		{
			"msg": "container \"build\" adds the capability CAP_CAP_SYS_ADMIN",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/capabilities/add/1",
				"severity": "medium",
			},
		},
	}
	violations := dangerous_capability.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {
					"capabilities": {"drop": ["ALL"], "add": ["NET_RAW", "CAP_CAP_SYS_ADMIN"]},
				},
			},
		],
	})
	violations == expected
}

test_fail_trace_is_high if {
	expected := {
		{
			"msg": "container \"build\" adds the capability SYS_PTRACE",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/capabilities/add/0",
				"severity": "high",
			},
		},
	}
	violations := dangerous_capability.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"capabilities": {"drop": ["ALL"], "add": ["SYS_PTRACE"]}},
			},
		],
	})
	violations == expected
}

test_fail_trace_of_the_node_is_critical if {
	expected := {
		{
			"msg": "container \"build\" adds the capability SYS_PTRACE",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/capabilities/add/0",
				"severity": "critical",
			},
		},
	}
	violations := dangerous_capability.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"capabilities": {"drop": ["ALL"], "add": ["SYS_PTRACE"]}},
			},
		],
		"hostPID": true,
	})
	violations == expected
}

test_success_baseline if {
	violations := dangerous_capability.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {
					"capabilities": {"drop": ["ALL"], "add": ["CAP_SETUID", "setgid", "CHOWN"]},
				},
			},
		],
	})
	violations == set()
}

test_success_none if {
	violations := dangerous_capability.violation with input as _pod({"containers": [{"name": "build"}]})
	violations == set()
}

test_success_nulls if {
	violations := dangerous_capability.violation with input as _pod({
		"containers": [{"name": "build", "securityContext": {"capabilities": {"add": null}}}],
	})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
