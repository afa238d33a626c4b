package podgate.pss.sysctls_test

import rego.v1

import data.podgate.pss.sysctls as policy

test_fail if {
	violations := policy.violation with input as _pod(_setting(["kernel.msgmax", "kernel.shm_rmid_forced", null]))
	violations == {
		{
			"msg": "the pod must not set the sysctl \"kernel.msgmax\"",
			"details": {"path": "/spec/securityContext/sysctls/0/name"},
		},
		{
			"msg": "the pod must not set the sysctl \"\"",
			"details": {"path": "/spec/securityContext/sysctls/2/name"},
		},
	}
}

test_fail_before_it_was_known if {
	every name, since in _known {
		spec := _setting([name])
		before := sprintf("v1.%v", [since - 1])
		violations := policy.violation with input as _at("baseline", ["latest", before], spec)
		count(violations) == 1
	}
}

test_success_known if {
	every name, since in _known {
		version := sprintf("v1.%v", [since])
		violations := policy.violation with input as _at("restricted", [version], _setting([name]))
		violations == set()
	}
}

test_success_null if {
	violations := policy.violation with input as _pod({"securityContext": {"sysctls": null}})
	violations == set()
}

_known := {
	"net.ipv4.ip_local_reserved_ports": 27,
	"net.ipv4.tcp_keepalive_time": 29,
	"net.ipv4.tcp_notsent_lowat": 37,
	"net.ipv4.tcp_rmem": 32,
}

_setting(names) := {"securityContext": {"sysctls": [{"name": name, "value": "1"} | some name in names]}}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}

_at(level, versions, spec) := object.union(_pod(spec), {"parameters": {"podSecurity": {level: versions}}})
