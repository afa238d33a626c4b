package podgate.ci.default_service_account_test

import rego.v1

import data.podgate.ci.default_service_account

test_fail_none_named if {
	expected := {
		{
			"details": {"at": "key", "path": "/spec"},
			"msg": concat(" ", [
				"the pod runs as service account \"default\": what one pod of the namespace",
				"was granted through it, all that name no account have",
			]),
		},
	}
	violations := default_service_account.violation with input as _pod({"containers": [{"name": "build"}]})
	violations == expected
}

test_fail_named if {
	expected := {
		{
			"details": {"path": "/spec/serviceAccountName"},
			"msg": concat(" ", [
				"the pod runs as service account \"default\": what one pod of the namespace",
				"was granted through it, all that name no account have",
			]),
		},
	}
	violations := default_service_account.violation with input as _pod({
		"containers": [{"name": "build"}],
		"serviceAccountName": "default",
	})
	violations == expected
}

test_fail_old_field if {
	expected := {
		{
			"details": {"path": "/spec/serviceAccount"},
			"msg": concat(" ", [
				"the pod runs as service account \"default\": what one pod of the namespace",
				"was granted through it, all that name no account have",
			]),
		},
	}
	violations := default_service_account.violation with input as _pod({
		"containers": [{"name": "build"}],
		"serviceAccount": "default",
	})
	violations == expected
}

test_fail_projected_token if {
	expected := {
		{
			"details": {"path": "/spec/serviceAccountName"},
			"msg": concat(" ", [
				"the pod runs as service account \"default\": what one pod of the namespace",
				"was granted through it, all that name no account have",
			]),
		},
	}
	violations := default_service_account.violation with input as _pod({
		"containers": [{"name": "build"}],
		"automountServiceAccountToken": false,
		"serviceAccountName": "default",
		"volumes": [
			{
				"name": "token",
				"projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]},
			},
		],
	})
	violations == expected
}

test_fail_named_in_part_of_a_pod if {
	expected := {
		{
			"details": {"path": "/spec/serviceAccountName"},
			"msg": concat(" ", [
				"the pod runs as service account \"default\": what one pod of the namespace",
				"was granted through it, all that name no account have",
			]),
		},
	}
	violations := default_service_account.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"serviceAccountName": "default"},
			},
			"namespace": "ci",
		},
		"partial": true,
	}
	violations == expected
}

test_success_own_account if {
	violations := default_service_account.violation with input as _pod({
		"containers": [{"name": "build"}],
		"serviceAccountName": "build",
	})
	violations == set()
}

test_success_own_account_in_the_old_field if {
	violations := default_service_account.violation with input as _pod({
		"containers": [{"name": "build"}],
		"serviceAccount": "build",
	})
	violations == set()
}

test_success_no_token if {
	violations := default_service_account.violation with input as _pod({
		"containers": [{"name": "build"}],
		"automountServiceAccountToken": false,
	})
	violations == set()
}

test_success_account_refuses if {
	violations := default_service_account.violation with input as _pod({"containers": [{"name": "build"}]})
		with data.inventory as {
			"namespace": {
				"ci": {
					"v1": {
						"ServiceAccount": {"default": {"automountServiceAccountToken": false}},
					},
				},
			},
		}
	violations == set()
}

test_success_part_of_a_pod if {
	violations := default_service_account.violation with input as {
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

test_success_part_of_a_pod_that_refuses if {
	violations := default_service_account.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"serviceAccountName": "default", "automountServiceAccountToken": false},
			},
			"namespace": "ci",
		},
		"partial": true,
	}
	violations == set()
}

test_success_nulls if {
	violations := default_service_account.violation with input as {
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
