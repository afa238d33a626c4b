package podgate.psp.se_linux_test

import rego.v1

import data.podgate.psp.se_linux

test_fail_other_options if {
	expected := {
		{
			"msg": "the SELinux user is \"\"; the policy wants \"u\" (seLinux)",
			"details": {"path": "/spec/securityContext/seLinuxOptions/user", "container": ""},
		},
		{
			"msg": "the SELinux type is \"spc_t\"; the policy wants \"\" (seLinux)",
			"details": {"path": "/spec/securityContext/seLinuxOptions/type", "container": ""},
		},
		{
			"msg": "the SELinux level is \"s1:c1,c2\"; the policy wants \"s0:c1,c2\" (seLinux)",
			"details": {"path": "/spec/securityContext/seLinuxOptions/level", "container": ""},
		},
		{
			"msg": "the SELinux level is \"s0\"; the policy wants \"s0:c1,c2\" (seLinux)",
			"details": {
				"path": "/spec/containers/0/securityContext/seLinuxOptions/level",
				"container": "build",
			},
		},
	}
	violations := se_linux.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"securityContext": {
								"seLinuxOptions": {"user": "u", "level": "s0"},
							},
						},
						{
							"name": "build",
							"securityContext": {
								"seLinuxOptions": {"user": "u", "level": "s0:c2,c1"},
							},
						},
						{"name": "build"},
					],
					"securityContext": {"seLinuxOptions": {"level": "s1:c1,c2", "type": "spc_t"}},
				},
			},
		},
		"parameters": {
			"seLinux": {"rule": "MustRunAs", "seLinuxOptions": {"user": "u", "level": "s0:c1,c2"}},
		},
	}
	violations == expected
}

test_fail_no_options_in_the_policy if {
	expected := {
		{
			"msg": "the SELinux user is \"\"; the policy wants \"(no options in the policy)\" (seLinux)",
			"details": {"path": "/spec/securityContext/seLinuxOptions/user", "container": ""},
		},
	}
	violations := se_linux.violation with input as {
		"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": []}}},
		"parameters": {"seLinux": {"rule": "MustRunAs"}},
	}
	violations == expected
}

test_fail_nothing_in_the_strategy if {
	expected := {
		{
			"msg": "the SELinux user is \"\"; the policy wants \"(no options in the policy)\" (seLinux)",
			"details": {"path": "/spec/securityContext/seLinuxOptions/user", "container": ""},
		},
		{
			"msg": "the SELinux type is \"spc_t\"; the policy wants \"\" (seLinux)",
			"details": {"path": "/spec/securityContext/seLinuxOptions/type", "container": ""},
		},
	}
	violations := se_linux.violation with input as {
		"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [], "securityContext": {"seLinuxOptions": {"type": "spc_t"}}}}},
		"parameters": {"seLinux": {}},
	}
	violations == expected
}

test_success_not_set if {
	violations := se_linux.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [{"name": "build"}]},
			},
		},
		"parameters": {"seLinux": {"rule": "MustRunAs", "seLinuxOptions": {"user": "u"}}},
	}
	violations == set()
}

test_success_any if {
	violations := se_linux.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"securityContext": {"seLinuxOptions": {"type": "spc_t"}},
						},
					],
				},
			},
		},
		"parameters": {},
	}
	violations == set()
}
