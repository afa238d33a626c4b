package podgate.ci.privilege_escalation_test

import rego.v1

import data.podgate.ci.privilege_escalation

test_fail_true if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/allowPrivilegeEscalation",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" allows privilege escalation: a set-user-id program in it",
				"makes its user root",
			]),
		},
	}
	violations := privilege_escalation.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {
					"allowPrivilegeEscalation": true,
					"capabilities": {"drop": ["ALL"]},
					"seccompProfile": {"type": "RuntimeDefault"},
				},
			},
		],
	})
	violations == expected
}

test_fail_missing_is_low if {
	expected := {
		{
			"details": {"container": "build", "path": "/spec/containers/0", "severity": "low"},
			"msg": concat(" ", [
				"container \"build\" does not forbid privilege escalation: a set-user-id",
				"program in it makes its user root",
			]),
		},
	}
	violations := privilege_escalation.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {
					"capabilities": {"drop": ["ALL"]},
					"seccompProfile": {"type": "RuntimeDefault"},
				},
			},
		],
	})
	violations == expected
}

test_fail_without_security_context if {
	expected := {
		{
			"details": {"container": "debug", "path": "/spec/ephemeralContainers/0", "severity": "low"},
			"msg": concat(" ", [
				"ephemeral container \"debug\" does not forbid privilege escalation: a",
				"set-user-id program in it makes its user root",
			]),
		},
		{
			"details": {"container": "prepare", "path": "/spec/initContainers/0", "severity": "low"},
			"msg": concat(" ", [
				"init container \"prepare\" does not forbid privilege escalation: a",
				"set-user-id program in it makes its user root",
			]),
		},
	}
	violations := privilege_escalation.violation with input as _pod({
		"initContainers": [{"name": "prepare"}],
		"containers": [
			{
				"name": "build",
				"securityContext": {
					"allowPrivilegeEscalation": false,
					"capabilities": {"drop": ["ALL"]},
					"seccompProfile": {"type": "RuntimeDefault"},
				},
			},
		],
		"ephemeralContainers": [{"name": "debug"}],
	})
	violations == expected
}

test_fail_words if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/allowPrivilegeEscalation",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" allows privilege escalation: a set-user-id program in it",
				"makes its user root",
			]),
		},
	}
	violations := privilege_escalation.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {
					"allowPrivilegeEscalation": "yes",
					"capabilities": {"drop": ["ALL"]},
					"seccompProfile": {"type": "RuntimeDefault"},
				},
			},
		],
	})
	violations == expected
}

test_fail_nulls if {
	expected := {
		{
			"details": {"container": "build", "path": "/spec/containers/0", "severity": "low"},
			"msg": concat(" ", [
				"container \"build\" does not forbid privilege escalation: a set-user-id",
				"program in it makes its user root",
			]),
		},
	}
	violations := privilege_escalation.violation with input as _pod({"containers": [{"name": "build", "securityContext": null}]})
	violations == expected
}

test_fail_true_in_a_part if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/allowPrivilegeEscalation",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" allows privilege escalation: a set-user-id program in it",
				"makes its user root",
			]),
		},
	}
	violations := privilege_escalation.violation with input as _part({
		"containers": [{"name": "build", "securityContext": {"allowPrivilegeEscalation": true}}],
	})
	violations == expected
}

test_success_false if {
	violations := privilege_escalation.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {
					"allowPrivilegeEscalation": false,
					"capabilities": {"drop": ["ALL"]},
					"seccompProfile": {"type": "RuntimeDefault"},
				},
			},
		],
	})
	violations == set()
}

test_success_false_alone if {
	violations := privilege_escalation.violation with input as _pod({
		"containers": [{"name": "build", "securityContext": {"allowPrivilegeEscalation": false}}],
	})
	violations == set()
}

test_success_missing_in_a_part if {
	violations := privilege_escalation.violation with input as _part({"containers": [{"name": "build"}]})
	violations == set()
}

test_success_privileged_is_another_finding if {
	violations := privilege_escalation.violation with input as _pod({"containers": [{"name": "build", "securityContext": {"privileged": true}}]})
	violations == set()
}

test_success_admin_is_another_finding if {
	violations := privilege_escalation.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"capabilities": {"drop": ["ALL"], "add": ["CAP_sys_admin"]}},
			},
		],
	})
	violations == set()
}

test_success_windows if {
	violations := privilege_escalation.violation with input as _pod({"containers": [{"name": "build", "securityContext": {}}], "os": {"name": "windows"}})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}

_part(spec) := {"review": {"object": {"spec": spec}, "namespace": "ci"}, "partial": true}
