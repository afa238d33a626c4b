package podgate.ci.apparmor_unconfined_test

import rego.v1

import data.podgate.ci.apparmor_unconfined

test_fail_container if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/appArmorProfile/type",
			},
			"msg": concat(" ", [
				"container \"build\" has the AppArmor profile Unconfined: what the default",
				"profile refuses is allowed",
			]),
		},
	}
	violations := apparmor_unconfined.violation with input as _pod({
		"containers": [{"name": "build", "securityContext": {"appArmorProfile": {"type": "Unconfined"}}}],
		"securityContext": {"appArmorProfile": {"type": "RuntimeDefault"}},
	})
	violations == expected
}

test_fail_pod if {
	expected := {
		{
			"details": {"path": "/spec/securityContext/appArmorProfile/type"},
			"msg": concat(" ", [
				"the pod has the AppArmor profile Unconfined: what the default profile",
				"refuses is allowed",
			]),
		},
	}
	violations := apparmor_unconfined.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"appArmorProfile": {"type": "RuntimeDefault"}},
			},
			{"name": "second"},
		],
		"securityContext": {"appArmorProfile": {"type": "Unconfined"}},
	})
	violations == expected
}

test_fail_annotation if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/metadata/annotations/container.apparmor.security.beta.kubernetes.io~1build",
			},
			"msg": concat(" ", [
				"the annotation container.apparmor.security.beta.kubernetes.io/build sets",
				"the AppArmor profile unconfined: what the default profile refuses is",
				"allowed",
			]),
		},
	}
	violations := apparmor_unconfined.violation with input as _object({
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
			"annotations": {"container.apparmor.security.beta.kubernetes.io/build": "unconfined"},
		},
	})
	violations == expected
}

test_success_every_container_has_its_own if {
	violations := apparmor_unconfined.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"appArmorProfile": {"type": "Localhost", "localhostProfile": "build"}},
			},
		],
		"securityContext": {"appArmorProfile": {"type": "Unconfined"}},
	})
	violations == set()
}

test_success_annotations if {
	violations := apparmor_unconfined.violation with input as _object({
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
				"container.apparmor.security.beta.kubernetes.io/build": "runtime/default",
				"container.apparmor.security.beta.kubernetes.io/second": "localhost/build",
			},
		},
	})
	violations == set()
}

test_success_missing if {
	violations := apparmor_unconfined.violation with input as _pod({"containers": [{"name": "build"}], "securityContext": {"appArmorProfile": {}}})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}

_object(pod) := {"review": {"object": pod, "namespace": "ci"}}
