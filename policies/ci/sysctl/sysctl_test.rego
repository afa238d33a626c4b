package podgate.ci.sysctl_test

import rego.v1

import data.podgate.ci.sysctl

test_fail_unsafe if {
	expected := {
		{
			"details": {"path": "/spec/securityContext/sysctls/0/name"},
			"msg": concat(" ", [
				"the pod sets the kernel setting net.ipv4.ip_forward, which can harm others",
				"on the node",
			]),
		},
		{
			"details": {"path": "/spec/securityContext/sysctls/2/name"},
			"msg": "the pod sets the kernel setting kernel/msgmax, which can harm others on the node",
		},
	}
	violations := sysctl.violation with input as _pod({
		"containers": [{"name": "build"}],
		"securityContext": {
			"sysctls": [
				{"name": "net.ipv4.ip_forward", "value": "1"},
				{"name": "kernel.shm_rmid_forced", "value": "1"},
				{"name": "kernel/msgmax", "value": "65536"},
			],
		},
	})
	violations == expected
}

test_success_safe if {
	violations := sysctl.violation with input as _pod({
		"containers": [{"name": "build"}],
		"securityContext": {
			"sysctls": [
				{"name": "net.ipv4.tcp_wmem", "value": "4096 16384 4194304"},
				{"name": "net/ipv4/ping_group_range", "value": "0 0"},
			],
		},
	})
	violations == set()
}

test_success_nulls if {
	violations := sysctl.violation with input as _pod({"containers": [{"name": "build"}], "securityContext": {"sysctls": null}})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
