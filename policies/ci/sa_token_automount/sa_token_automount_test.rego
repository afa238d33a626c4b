package podgate.ci.sa_token_automount_test

import rego.v1

import data.podgate.ci.sa_token_automount

test_fail_asked_for if {
	expected := {
		{
			"details": {
				"fix": [
					{
						"op": "replace",
						"path": "/spec/automountServiceAccountToken",
						"value": false,
					},
				],
				"path": "/spec/automountServiceAccountToken",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"the pod mounts a token of service account \"build\" into every container:",
				"any build step can call the Kubernetes API with it",
			]),
		},
	}
	violations := sa_token_automount.violation with input as _pod({
		"containers": [{"name": "build"}],
		"automountServiceAccountToken": true,
		"serviceAccountName": "build",
	})
	violations == expected
}

test_fail_asked_for_in_part_of_a_pod if {
	expected := {
		{
			"details": {
				"fix": [
					{
						"op": "replace",
						"path": "/spec/automountServiceAccountToken",
						"value": false,
					},
				],
				"path": "/spec/automountServiceAccountToken",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"the pod mounts a token of service account \"default\" into every container:",
				"any build step can call the Kubernetes API with it",
			]),
		},
	}
	violations := sa_token_automount.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"automountServiceAccountToken": true},
			},
			"namespace": "ci",
		},
		"partial": true,
	}
	violations == expected
}

test_fail_not_refused if {
	expected := {
		{
			"details": {
				"at": "key",
				"fix": [
					{"op": "add", "path": "/spec/automountServiceAccountToken", "value": false},
				],
				"path": "/spec",
				"severity": "low",
			},
			"msg": concat(" ", [
				"every container gets a token of service account \"build\", unless that",
				"account, which is not among the objects given, refuses it",
			]),
		},
	}
	violations := sa_token_automount.violation with input as _pod({
		"containers": [{"name": "build"}],
		"serviceAccountName": "build",
	})
	violations == expected
}

test_fail_old_field if {
	expected := {
		{
			"details": {
				"at": "key",
				"fix": [
					{"op": "add", "path": "/spec/automountServiceAccountToken", "value": false},
				],
				"path": "/spec",
				"severity": "low",
			},
			"msg": concat(" ", [
				"every container gets a token of service account \"old\", unless that",
				"account, which is not among the objects given, refuses it",
			]),
		},
	}
	violations := sa_token_automount.violation with input as _pod({
		"containers": [{"name": "build"}],
		"serviceAccountName": "",
		"serviceAccount": "old",
	})
	violations == expected
}

test_fail_account_asks_for_it if {
	expected := {
		{
			"details": {
				"at": "key",
				"fix": [
					{"op": "add", "path": "/spec/automountServiceAccountToken", "value": false},
				],
				"path": "/spec",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"service account \"build\" mounts its token into every container of the pod,",
				"which does not refuse it: any build step can call the Kubernetes API with",
				"it",
			]),
		},
	}
	violations := sa_token_automount.violation with input as _pod({
		"containers": [{"name": "build"}],
		"serviceAccountName": "build",
	})
		with data.inventory as {
			"namespace": {
				"ci": {
					"v1": {"ServiceAccount": {"build": {"automountServiceAccountToken": true}}},
				},
			},
		}
	violations == expected
}

test_fail_account_says_nothing if {
	expected := {
		{
			"details": {
				"at": "key",
				"fix": [
					{"op": "add", "path": "/spec/automountServiceAccountToken", "value": false},
				],
				"path": "/spec",
				"severity": "low",
			},
			"msg": concat(" ", [
				"every container gets a token of service account \"default\", since neither",
				"the pod nor the account refuses it: any build step can call the Kubernetes",
				"API with it",
			]),
		},
	}
	violations := sa_token_automount.violation with input as _pod({"containers": [{"name": "build"}]})
		with data.inventory as {
			"namespace": {
				"ci": {"v1": {"ServiceAccount": {"default": {"metadata": {"name": "default"}}}}},
			},
		}
	violations == expected
}

test_fail_pod_overrides_account if {
	expected := {
		{
			"details": {
				"fix": [
					{
						"op": "replace",
						"path": "/spec/automountServiceAccountToken",
						"value": false,
					},
				],
				"path": "/spec/automountServiceAccountToken",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"the pod mounts a token of service account \"build\" into every container:",
				"any build step can call the Kubernetes API with it",
			]),
		},
	}
	violations := sa_token_automount.violation with input as _pod({
		"containers": [{"name": "build"}],
		"automountServiceAccountToken": true,
		"serviceAccountName": "build",
	})
		with data.inventory as {
			"namespace": {
				"ci": {
					"v1": {"ServiceAccount": {"build": {"automountServiceAccountToken": false}}},
				},
			},
		}
	violations == expected
}

test_fail_account_of_another_namespace if {
	expected := {
		{
			"details": {
				"at": "key",
				"fix": [
					{"op": "add", "path": "/spec/automountServiceAccountToken", "value": false},
				],
				"path": "/spec",
				"severity": "low",
			},
			"msg": concat(" ", [
				"every container gets a token of service account \"build\", unless that",
				"account, which is not among the objects given, refuses it",
			]),
		},
	}
	violations := sa_token_automount.violation with input as _pod({
		"containers": [{"name": "build"}],
		"serviceAccountName": "build",
	})
		with data.inventory as {
			"namespace": {
				"other": {
					"v1": {"ServiceAccount": {"build": {"automountServiceAccountToken": false}}},
				},
			},
		}
	violations == expected
}

test_fail_b44_projected_token if {
	expected := {
		{
			"details": {
				"path": "/spec/volumes/0/projected/sources/0/serviceAccountToken",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"volume \"token\" puts a token of service account \"default\" for the",
				"Kubernetes API into the pod",
			]),
		},
	}
	violations := sa_token_automount.violation with input as _pod({
		"containers": [{"name": "build"}],
		"automountServiceAccountToken": false,
		"volumes": [
			{
				"name": "token",
				"projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]},
			},
		],
	})
	violations == expected
}

test_fail_b44_projected_token_for_the_api_by_name if {
	expected := {
		{
			"details": {
				"path": "/spec/volumes/0/projected/sources/0/serviceAccountToken",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"volume \"token\" puts a token of service account \"default\" for the",
				"Kubernetes API into the pod",
			]),
		},
	}
	violations := sa_token_automount.violation with input as _pod({
		"containers": [{"name": "build"}],
		"automountServiceAccountToken": false,
		"volumes": [
			{
				"name": "token",
				"projected": {
					"sources": [
						{
							"serviceAccountToken": {
								"path": "token",
								"audience": "https://kubernetes.default.svc",
							},
						},
					],
				},
			},
		],
	})
	violations == expected
}

test_fail_projected_token_for_another_service if {
	expected := {
		{
			"details": {
				"path": "/spec/volumes/0/projected/sources/0/serviceAccountToken",
				"severity": "low",
			},
			"msg": concat(" ", [
				"volume \"token\" puts a token into the pod with which service account",
				"\"build\" proves itself to vault",
			]),
		},
	}
	violations := sa_token_automount.violation with input as _pod({
		"containers": [{"name": "build"}],
		"automountServiceAccountToken": false,
		"serviceAccountName": "build",
		"volumes": [
			{
				"name": "token",
				"projected": {
					"sources": [{"serviceAccountToken": {"path": "token", "audience": "vault"}}],
				},
			},
		],
	})
	violations == expected
}

test_fail_b44_named_like_the_servers_own if {
	expected := {
		{
			"details": {
				"path": "/spec/volumes/0/projected/sources/0/serviceAccountToken",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"volume \"kube-api-access-abcde\" puts a token of service account \"default\"",
				"for the Kubernetes API into the pod",
			]),
		},
	}
	violations := sa_token_automount.violation with input as _pod({
		"containers": [{"name": "build"}],
		"automountServiceAccountToken": false,
		"volumes": [
			{
				"name": "kube-api-access-abcde",
				"projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]},
			},
		],
	})
	violations == expected
}

test_fail_account_refuses_but_volume_gives if {
	expected := {
		{
			"details": {
				"path": "/spec/volumes/0/projected/sources/0/serviceAccountToken",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"volume \"kube-api-access-abcde\" puts a token of service account \"build\" for",
				"the Kubernetes API into the pod",
			]),
		},
	}
	violations := sa_token_automount.violation with input as _pod({
		"containers": [{"name": "build"}],
		"serviceAccountName": "build",
		"volumes": [
			{
				"name": "kube-api-access-abcde",
				"projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]},
			},
		],
	})
		with data.inventory as {
			"namespace": {
				"ci": {
					"v1": {"ServiceAccount": {"build": {"automountServiceAccountToken": false}}},
				},
			},
		}
	violations == expected
}

test_fail_the_servers_own_volume_is_told_once if {
	expected := {
		{
			"details": {
				"at": "key",
				"fix": [
					{"op": "add", "path": "/spec/automountServiceAccountToken", "value": false},
				],
				"path": "/spec",
				"severity": "low",
			},
			"msg": concat(" ", [
				"every container gets a token of service account \"default\", unless that",
				"account, which is not among the objects given, refuses it",
			]),
		},
	}
	violations := sa_token_automount.violation with input as _pod({
		"containers": [{"name": "build"}],
		"volumes": [
			_servers_own([_token, _root, _namespace]),
		],
	})
	violations == expected
}

test_fail_the_servers_own_volume_where_the_pod_asks if {
	expected := {
		{
			"details": {
				"fix": [
					{
						"op": "replace",
						"path": "/spec/automountServiceAccountToken",
						"value": false,
					},
				],
				"path": "/spec/automountServiceAccountToken",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"the pod mounts a token of service account \"default\" into every container:",
				"any build step can call the Kubernetes API with it",
			]),
		},
	}
	violations := sa_token_automount.violation with input as _pod({
		"containers": [{"name": "build"}],
		"automountServiceAccountToken": true,
		"volumes": [
			_servers_own([_token, _root, _namespace]),
		],
	})
	violations == expected
}

test_fail_only_named_like_the_servers_own if {
	lists := [
		[_token],
		[_token, _root],
		[_token, _namespace, {"configMap": {"name": "own"}}],
		[_token, _root, _namespace, {"secret": {"name": "x"}}],
		[_token, _root, _root],
		[_token, _root, {"downwardAPI": {"items": [{"path": "x", "fieldRef": {"fieldPath": "metadata.name"}}]}}],
		[{"serviceAccountToken": {"path": "t"}}, _root, _namespace],
		[{"serviceAccountToken": {"path": "token", "expirationSeconds": 86400}}, _root, _namespace],
		[object.union(_token, {"secret": {"name": "x"}}), _root, _namespace],
	]
	counts := [count(violations) |
		some sources in lists
		violations := sa_token_automount.violation with input as _pod({
			"containers": [{"name": "build"}],
			"volumes": [_servers_own(sources)],
		})
	]
	counts == [2, 2, 2, 2, 2, 2, 2, 2, 2]
}

test_fail_the_servers_own_of_openshift_is_told_once if {
	violations := sa_token_automount.violation with input as _pod({
		"containers": [{"name": "build"}],
		"volumes": [_servers_own([_token, _root, _namespace, _service])],
	})
	[violation.details.path | some violation in violations] == ["/spec"]
}

test_success_refused if {
	violations := sa_token_automount.violation with input as _pod({
		"containers": [{"name": "build"}],
		"automountServiceAccountToken": false,
	})
	violations == set()
}

test_success_account_refuses if {
	violations := sa_token_automount.violation with input as _pod({
		"containers": [{"name": "build"}],
		"serviceAccountName": "build",
	})
		with data.inventory as {
			"namespace": {
				"ci": {
					"v1": {"ServiceAccount": {"build": {"automountServiceAccountToken": false}}},
				},
			},
		}
	violations == set()
}

test_success_part_of_a_pod if {
	violations := sa_token_automount.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [{"name": "build"}]},
			},
			"namespace": "ci",
		},
		"partial": true,
	}
	violations == set()
}

test_success_no_pod if {
	violations := sa_token_automount.violation with input as {
		"apiVersion": "v1",
		"kind": "PersistentVolume",
		"spec": {},
	}
	violations == set()
}

test_success_nulls if {
	violations := sa_token_automount.violation with input as _pod({
		"containers": null,
		"initContainers": [null, "x"],
		"volumes": null,
		"securityContext": null,
		"ephemeralContainers": null,
		"hostAliases": null,
	})
	violations == set()
}

test_success_nulls_in_lists if {
	violations := sa_token_automount.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": null,
				"spec": {
					"containers": [
						{
							"name": "build",
							"env": null,
							"envFrom": null,
							"args": null,
							"volumeMounts": null,
							"securityContext": null,
							"image": null,
						},
						null,
					],
					"volumes": [
						null,
						{"name": "x", "projected": null, "secret": null, "hostPath": null},
					],
					"automountServiceAccountToken": false,
				},
			},
		},
	}
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}

# The volume that the API server adds by itself.
_servers_own(sources) := {"name": "kube-api-access-abcde", "projected": {"sources": sources}}

_token := {"serviceAccountToken": {"path": "token", "expirationSeconds": 3607}}

_root := {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}}

_service := {"configMap": {"name": "openshift-service-ca.crt"}}

_namespace := {"downwardAPI": {"items": [{
	"path": "namespace",
	"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"},
}]}}
