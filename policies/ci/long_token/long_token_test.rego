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

test_success_the_servers_own if {
	violations := long_token.violation with input as _pod({
		"containers": [{"name": "build"}],
		"volumes": [
			{
				"name": "kube-api-access-abcde",
				"projected": {
					"sources": [
						{"serviceAccountToken": {"path": "t", "expirationSeconds": 3607}},
					],
				},
			},
		],
	})
	violations == set()
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
