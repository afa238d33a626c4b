package podgate.ci.selinux_options_test

import rego.v1

import data.podgate.ci.selinux_options

test_fail_spc if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/seLinuxOptions/type",
				"severity": "high",
			},
			"msg": concat(" ", [
				"container \"build\" sets the SELinux type spc_t: SELinux does not confine it",
				"at all",
			]),
		},
	}
	violations := selinux_options.violation with input as _pod({
		"containers": [{"name": "build", "securityContext": {"seLinuxOptions": {"type": "spc_t"}}}],
	})
	violations == expected
}

test_fail_user_and_role if {
	expected := {
		{
			"details": {"path": "/spec/securityContext/seLinuxOptions/role", "severity": "medium"},
			"msg": "the pod sets the SELinux role system_r: it is not confined as containers are",
		},
		{
			"details": {"path": "/spec/securityContext/seLinuxOptions/user", "severity": "medium"},
			"msg": "the pod sets the SELinux user system_u: it is not confined as containers are",
		},
	}
	violations := selinux_options.violation with input as _pod({
		"containers": [{"name": "build"}],
		"securityContext": {"seLinuxOptions": {"user": "system_u", "role": "system_r", "type": "container_t"}},
	})
	violations == expected
}

test_fail_other_type if {
	expected := {
		{
			"details": {
				"container": "debug",
				"path": "/spec/ephemeralContainers/0/securityContext/seLinuxOptions/type",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"ephemeral container \"debug\" sets the SELinux type RuntimeDefault: it is",
				"not confined as containers are",
			]),
		},
	}
	violations := selinux_options.violation with input as _pod({
		"ephemeralContainers": [
			{
				"name": "debug",
				"securityContext": {"seLinuxOptions": {"type": "RuntimeDefault"}},
			},
		],
	})
	violations == expected
}

test_success_container_types if {
	violations := selinux_options.violation with input as _pod({
		"containers": [
			{
				"name": "container_t",
				"securityContext": {"seLinuxOptions": {"type": "container_t"}},
			},
			{
				"name": "init",
				"securityContext": {"seLinuxOptions": {"type": "container_init_t"}},
			},
			{
				"name": "kvm",
				"securityContext": {"seLinuxOptions": {"type": "container_kvm_t"}},
			},
			{
				"name": "engine",
				"securityContext": {"seLinuxOptions": {"type": "container_engine_t"}},
			},
		],
	})
	violations == set()
}

test_success_level if {
	violations := selinux_options.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"seLinuxOptions": {"level": "s0:c123,c456", "user": "", "role": null}},
			},
		],
	})
	violations == set()
}

test_success_missing if {
	violations := selinux_options.violation with input as _pod({"containers": [{"name": "build"}]})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
