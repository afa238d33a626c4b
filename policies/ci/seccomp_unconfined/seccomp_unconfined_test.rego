package podgate.ci.seccomp_unconfined_test

import rego.v1

import data.podgate.ci.seccomp_unconfined

test_fail_container if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/seccompProfile/type",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" has the seccomp profile Unconfined: every system call of",
				"the node's kernel is open",
			]),
		},
	}
	violations := seccomp_unconfined.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {
					"allowPrivilegeEscalation": false,
					"capabilities": {"drop": ["ALL"]},
					"seccompProfile": {"type": "Unconfined"},
				},
			},
		],
		"securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
	})
	violations == expected
}

test_fail_pod if {
	expected := {
		{
			"details": {"path": "/spec/securityContext/seccompProfile/type", "severity": "medium"},
			"msg": concat(" ", [
				"the pod has the seccomp profile Unconfined: every system call of the",
				"node's kernel is open",
			]),
		},
	}
	violations := seccomp_unconfined.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}},
			},
		],
		"securityContext": {"seccompProfile": {"type": "Unconfined"}},
	})
	violations == expected
}

test_fail_unresolved if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/seccompProfile/type",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" has the seccomp profile {{ .Values.profile }}: every",
				"system call of the node's kernel is open",
			]),
		},
	}
	violations := seccomp_unconfined.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {
					"allowPrivilegeEscalation": false,
					"capabilities": {"drop": ["ALL"]},
					"seccompProfile": {"type": "{{ .Values.profile }}"},
				},
			},
		],
	})
	violations == expected
}

test_fail_missing_is_low if {
	expected := {
		{
			"details": {"container": "prepare", "path": "/spec/initContainers/0", "severity": "low"},
			"msg": concat(" ", [
				"init container \"prepare\" has no seccomp profile: on most nodes no system",
				"call is closed to it",
			]),
		},
	}
	violations := seccomp_unconfined.violation with input as _pod({
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
	})
	violations == expected
}

test_fail_without_type_is_missing if {
	expected := {
		{
			"details": {"container": "build", "path": "/spec/containers/0", "severity": "low"},
			"msg": concat(" ", [
				"container \"build\" has no seccomp profile: on most nodes no system call is",
				"closed to it",
			]),
		},
	}
	violations := seccomp_unconfined.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {
					"allowPrivilegeEscalation": false,
					"capabilities": {"drop": ["ALL"]},
					"seccompProfile": {"type": null},
				},
			},
		],
	})
	violations == expected
}

test_fail_pod_in_a_part if {
	expected := {
		{
			"details": {"path": "/spec/securityContext/seccompProfile/type", "severity": "medium"},
			"msg": concat(" ", [
				"the pod has the seccomp profile Unconfined: every system call of the",
				"node's kernel is open",
			]),
		},
	}
	violations := seccomp_unconfined.violation with input as _part({
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
		"securityContext": {"seccompProfile": {"type": "Unconfined"}},
	})
	violations == expected
}

test_fail_annotations if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/metadata/annotations/container.seccomp.security.alpha.kubernetes.io~1build",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"the annotation container.seccomp.security.alpha.kubernetes.io/build sets",
				"the seccomp profile unconfined: every system call of the node's kernel is",
				"open",
			]),
		},
		{
			"details": {
				"path": "/metadata/annotations/seccomp.security.alpha.kubernetes.io~1pod",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"the annotation seccomp.security.alpha.kubernetes.io/pod sets the seccomp",
				"profile unconfined: every system call of the node's kernel is open",
			]),
		},
	}
	violations := seccomp_unconfined.violation with input as _object({
		"spec": {
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
		},
		"metadata": {
			"annotations": {
				"seccomp.security.alpha.kubernetes.io/pod": "unconfined",
				"container.seccomp.security.alpha.kubernetes.io/build": "unconfined",
			},
		},
	})
	violations == expected
}

test_success_pod if {
	violations := seccomp_unconfined.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}},
			},
		],
		"securityContext": {"seccompProfile": {"type": "Localhost", "localhostProfile": "build.json"}},
	})
	violations == set()
}

test_success_every_container_has_its_own if {
	violations := seccomp_unconfined.violation with input as _pod({
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
		"securityContext": {"seccompProfile": {"type": "Unconfined"}},
	})
	violations == set()
}

test_success_annotations if {
	violations := seccomp_unconfined.violation with input as _object({
		"spec": {
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
		},
		"metadata": {
			"annotations": {
				"seccomp.security.alpha.kubernetes.io/pod": "runtime/default",
				"container.seccomp.security.alpha.kubernetes.io/build": "localhost/build.json",
			},
		},
	})
	violations == set()
}

test_success_missing_in_a_part if {
	violations := seccomp_unconfined.violation with input as _part({"containers": [{"name": "build"}]})
	violations == set()
}

test_success_windows if {
	violations := seccomp_unconfined.violation with input as _pod({"containers": [{"name": "build", "securityContext": {}}], "os": {"name": "windows"}})
	violations == set()
}

test_success_privileged_is_another_finding if {
	violations := seccomp_unconfined.violation with input as _pod({"containers": [{"name": "build", "securityContext": {"privileged": true}}]})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}

_object(pod) := {"review": {"object": pod, "namespace": "ci"}}

_part(spec) := {"review": {"object": {"spec": spec}, "namespace": "ci"}, "partial": true}
