package podgate.ci.host_pid_test

import rego.v1

import data.podgate.ci.host_pid

test_fail_alone_is_high if {
	expected := {
		{
			"msg": "the pod sees every process of the node",
			"details": {
				"fix": [{"op": "remove", "path": "/spec/hostPID"}],
				"path": "/spec/hostPID",
				"severity": "high",
			},
		},
	}
	violations := host_pid.violation with input as _pod({"hostPID": true, "containers": [{"name": "build"}]})
	violations == expected
}

test_fail_with_privilege_is_critical if {
	expected := {
		{
			"msg": concat(" ", [
				"the pod sees every process of the node, and a privileged container can enter them",
			]),
			"details": {
				"fix": [{"op": "remove", "path": "/spec/hostPID"}],
				"path": "/spec/hostPID",
				"severity": "critical",
			},
		},
	}
	violations := host_pid.violation with input as _pod({
		"containers": [{"name": "build", "securityContext": {"privileged": true}}],
		"hostPID": true,
	})
	violations == expected
}

test_fail_with_capability_is_critical if {
	expected := {
		{
			"msg": concat(" ", [
				"the pod sees every process of the node, and a container with sys_ptrace can enter",
				"them",
			]),
			"details": {
				"fix": [{"op": "remove", "path": "/spec/hostPID"}],
				"path": "/spec/hostPID",
				"severity": "critical",
			},
		},
	}
	violations := host_pid.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"capabilities": {"drop": ["ALL"], "add": ["sys_ptrace"]}},
			},
		],
		"hostPID": "yes",
	})
	violations == expected
}

test_success_false if {
	violations := host_pid.violation with input as _pod({"hostPID": false, "containers": [{"name": "build"}]})
	violations == set()
}

test_success_missing if {
	violations := host_pid.violation with input as _pod({"containers": [{"name": "build"}]})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
