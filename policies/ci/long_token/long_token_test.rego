package podgate.ci.long_token_test

import rego.v1

import data.podgate.ci.long_token

test_fail_long if {
	expected := {
		{
			"details": {
				"path": "/spec/volumes/0/projected/sources/0/serviceAccountToken/expirationSeconds",
			},
			"msg": concat(" ", [
				"the token in volume \"token\" lasts 86400 seconds: a stolen one is of use",
				"that long",
			]),
		},
	}
	violations := long_token.violation with input as _pod({
		"containers": [{"name": "build"}],
		"volumes": [
			{
				"name": "token",
				"projected": {
					"sources": [
						{
							"serviceAccountToken": {
								"path": "t",
								"audience": "vault",
								"expirationSeconds": 86400,
							},
						},
					],
				},
			},
		],
	})
	violations == expected
}

test_fail_no_audience if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/projected/sources/0/serviceAccountToken"},
			"msg": concat(" ", [
				"the token in volume \"token\" names no audience: the Kubernetes API accepts",
				"it",
			]),
		},
	}
	violations := long_token.violation with input as _pod({
		"containers": [{"name": "build"}],
		"volumes": [
			{"name": "token", "projected": {"sources": [{"serviceAccountToken": {"path": "t"}}]}},
		],
	})
	violations == expected
}

test_fail_both if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/projected/sources/0/serviceAccountToken"},
			"msg": concat(" ", [
				"the token in volume \"token\" names no audience: the Kubernetes API accepts",
				"it",
			]),
		},
		{
			"details": {
				"path": "/spec/volumes/0/projected/sources/0/serviceAccountToken/expirationSeconds",
			},
			"msg": concat(" ", [
				"the token in volume \"token\" lasts 3601 seconds: a stolen one is of use",
				"that long",
			]),
		},
	}
	violations := long_token.violation with input as _pod({
		"containers": [{"name": "build"}],
		"volumes": [
			{
				"name": "token",
				"projected": {
					"sources": [
						{
							"serviceAccountToken": {
								"path": "t",
								"audience": "",
								"expirationSeconds": 3601,
							},
						},
					],
				},
			},
		],
	})
	violations == expected
}

test_success_short if {
	violations := long_token.violation with input as _pod({
		"containers": [{"name": "build"}],
		"volumes": [
			{
				"name": "token",
				"projected": {
					"sources": [
						{
							"serviceAccountToken": {
								"path": "t",
								"audience": "vault",
								"expirationSeconds": 3600,
							},
						},
						{"serviceAccountToken": {"path": "u", "audience": "sts.amazonaws.com"}},
					],
				},
			},
		],
	})
	violations == set()
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
	places := {place |
		some i, sources in lists
		violations := long_token.violation with input as _pod({
			"containers": [{"name": "build"}],
			"volumes": [_servers_own(sources)],
		})
		some violation in violations
		place := [i, violation.details.path]
	}
	at := "/spec/volumes/0/projected/sources/0/serviceAccountToken"
	lasting := {[i, sprintf("%v/expirationSeconds", [at])] | some i, _ in lists; i != 6}
	places == {[i, at] | some i, _ in lists} | lasting
}

test_success_the_servers_own if {
	found := [violations |
		some more in [[], [_service]]
		violations := long_token.violation with input as _pod({
			"containers": [{"name": "build"}],
			"volumes": [_servers_own(array.concat([_token, _root, _namespace], more))],
		})
	]
	found == [set(), set()]
}

test_success_nulls if {
	violations := long_token.violation with input as {
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
