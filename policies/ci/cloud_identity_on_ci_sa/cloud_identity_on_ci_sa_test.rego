package podgate.ci.cloud_identity_on_ci_sa_test

import rego.v1

import data.podgate.ci.cloud_identity_on_ci_sa

test_fail_aws if {
	expected := {
		{
			"details": {"path": "/spec/serviceAccountName", "severity": "info"},
			"msg": "service account \"build\" is the AWS role arn:aws:iam::111122223333:role/ci",
		},
	}
	violations := cloud_identity_on_ci_sa.violation with input as _pod({
		"containers": [{"name": "build"}],
		"serviceAccountName": "build",
	})
		with data.inventory as {
			"namespace": {
				"ci": {
					"v1": {
						"ServiceAccount": {
							"build": {
								"metadata": {
									"annotations": {
										"eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/ci",
									},
								},
							},
						},
					},
				},
			},
		}
	violations == expected
}

test_fail_google if {
	expected := {
		{
			"details": {"path": "/spec/serviceAccountName", "severity": "info"},
			"msg": concat(" ", [
				"service account \"build\" is the Google Cloud account",
				"ci@example.iam.gserviceaccount.com",
			]),
		},
	}
	violations := cloud_identity_on_ci_sa.violation with input as _pod({
		"containers": [{"name": "build"}],
		"serviceAccountName": "build",
	})
		with data.inventory as {
			"namespace": {
				"ci": {
					"v1": {
						"ServiceAccount": {
							"build": {
								"metadata": {
									"annotations": {
										"iam.gke.io/gcp-service-account": "ci@example.iam.gserviceaccount.com",
									},
								},
							},
						},
					},
				},
			},
		}
	violations == expected
}

test_fail_azure if {
	expected := {
		{
			"details": {"path": "/spec/serviceAccount", "severity": "info"},
			"msg": concat(" ", [
				"service account \"build\" is the Azure application",
				"00000000-0000-0000-0000-000000000000",
			]),
		},
	}
	violations := cloud_identity_on_ci_sa.violation with input as _pod({
		"containers": [{"name": "build"}],
		"serviceAccount": "build",
	})
		with data.inventory as {
			"namespace": {
				"ci": {
					"v1": {
						"ServiceAccount": {
							"build": {
								"metadata": {
									"annotations": {
										"azure.workload.identity/client-id": "00000000-0000-0000-0000-000000000000",
									},
								},
							},
						},
					},
				},
			},
		}
	violations == expected
}

test_fail_default_account if {
	expected := {
		{
			"details": {"at": "key", "path": "/spec", "severity": "info"},
			"msg": concat(" ", [
				"service account \"default\" is the AWS role",
				"arn:aws:iam::111122223333:role/ci",
			]),
		},
	}
	violations := cloud_identity_on_ci_sa.violation with input as _pod({"containers": [{"name": "build"}]})
		with data.inventory as {
			"namespace": {
				"ci": {
					"v1": {
						"ServiceAccount": {
							"default": {
								"metadata": {
									"annotations": {
										"eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/ci",
									},
								},
							},
						},
					},
				},
			},
		}
	violations == expected
}

test_fail_label if {
	expected := {
		{
			"details": {
				"path": "/metadata/labels/azure.workload.identity~1use",
				"severity": "info",
			},
			"msg": "the label lets service account \"build\" log in to Azure",
		},
	}
	violations := cloud_identity_on_ci_sa.violation with input as _review(
		{
			"labels": {"azure.workload.identity/use": "true"},
		},
		{
			"containers": [{"name": "build"}],
			"serviceAccountName": "build",
		},
	)
	violations == expected
}

test_fail_high_with_privilege if {
	expected := {
		{
			"details": {"path": "/spec/serviceAccountName", "severity": "high"},
			"msg": concat(" ", [
				"service account \"build\" is the AWS role arn:aws:iam::111122223333:role/ci,",
				"and the pod can take the node over with all the identities there: a",
				"container is privileged",
			]),
		},
	}
	violations := cloud_identity_on_ci_sa.violation with input as _pod({
		"containers": [{"name": "build", "securityContext": {"privileged": true}}],
		"serviceAccountName": "build",
	})
		with data.inventory as {
			"namespace": {
				"ci": {
					"v1": {
						"ServiceAccount": {
							"build": {
								"metadata": {
									"annotations": {
										"eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/ci",
									},
								},
							},
						},
					},
				},
			},
		}
	violations == expected
}

test_fail_high_with_a_socket if {
	expected := {
		{
			"details": {"path": "/spec/serviceAccountName", "severity": "high"},
			"msg": concat(" ", [
				"service account \"build\" is the AWS role arn:aws:iam::111122223333:role/ci,",
				"and the pod can take the node over with all the identities there: it",
				"mounts what gives the node away",
			]),
		},
	}
	violations := cloud_identity_on_ci_sa.violation with input as _pod({
		"containers": [{"name": "build"}],
		"serviceAccountName": "build",
		"volumes": [{"name": "node", "hostPath": {"path": "/run/docker.sock"}}],
	})
		with data.inventory as {
			"namespace": {
				"ci": {
					"v1": {
						"ServiceAccount": {
							"build": {
								"metadata": {
									"annotations": {
										"eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/ci",
									},
								},
							},
						},
					},
				},
			},
		}
	violations == expected
}

test_fail_high_with_a_capability if {
	expected := {
		{
			"details": {"path": "/spec/serviceAccountName", "severity": "high"},
			"msg": concat(" ", [
				"service account \"build\" is the AWS role arn:aws:iam::111122223333:role/ci,",
				"and the pod can take the node over with all the identities there: a",
				"container adds a capability of root on the node",
			]),
		},
	}
	violations := cloud_identity_on_ci_sa.violation with input as _pod({
		"containers": [
			{"name": "build", "securityContext": {"capabilities": {"add": ["sys_admin"]}}},
		],
		"serviceAccountName": "build",
	})
		with data.inventory as {
			"namespace": {
				"ci": {
					"v1": {
						"ServiceAccount": {
							"build": {
								"metadata": {
									"annotations": {
										"eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/ci",
									},
								},
							},
						},
					},
				},
			},
		}
	violations == expected
}

test_fail_unknown_account_of_a_dangerous_pod if {
	expected := {
		{
			"details": {"path": "/spec/serviceAccountName", "severity": "info"},
			"msg": concat(" ", [
				"whether service account \"build\" is an identity in a cloud cannot be told:",
				"it is not among the objects given",
			]),
		},
	}
	violations := cloud_identity_on_ci_sa.violation with input as _pod({
		"containers": [{"name": "build", "securityContext": {"privileged": true}}],
		"serviceAccountName": "build",
	})
	violations == expected
}

test_success_unknown_account if {
	violations := cloud_identity_on_ci_sa.violation with input as _pod({
		"containers": [{"name": "build"}],
		"serviceAccountName": "build",
	})
	violations == set()
}

test_success_unknown_default_account if {
	violations := cloud_identity_on_ci_sa.violation with input as _pod({
		"containers": [{"name": "build", "securityContext": {"privileged": true}}],
	})
	violations == set()
}

test_success_account_without_identity if {
	violations := cloud_identity_on_ci_sa.violation with input as _pod({
		"containers": [{"name": "build", "securityContext": {"privileged": true}}],
		"serviceAccountName": "build",
	})
		with data.inventory as {
			"namespace": {
				"ci": {
					"v1": {
						"ServiceAccount": {
							"build": {
								"metadata": {
									"annotations": {
										"example.com/team": "blue",
										"iam.gke.io/gcp-service-account": "",
									},
								},
							},
						},
					},
				},
			},
		}
	violations == set()
}

test_success_label_says_no if {
	violations := cloud_identity_on_ci_sa.violation with input as _review(
		{
			"labels": {"azure.workload.identity/use": "false"},
		},
		{"containers": [{"name": "build"}]},
	)
	violations == set()
}

test_success_ordinary_volume if {
	violations := cloud_identity_on_ci_sa.violation with input as _pod({
		"containers": [{"name": "build"}],
		"volumes": [{"name": "node", "hostPath": {"path": "/srv/x"}}],
		"serviceAccountName": "build",
	})
	violations == set()
}

test_success_part_of_a_pod if {
	violations := cloud_identity_on_ci_sa.violation with input as {
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
		with data.inventory as {
			"namespace": {
				"ci": {
					"v1": {
						"ServiceAccount": {
							"default": {
								"metadata": {
									"annotations": {
										"eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/ci",
									},
								},
							},
						},
					},
				},
			},
		}
	violations == set()
}

test_success_nulls if {
	violations := cloud_identity_on_ci_sa.violation with input as {
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

test_success_no_pod if {
	violations := cloud_identity_on_ci_sa.violation with input as {
		"apiVersion": "v1",
		"kind": "Namespace",
		"metadata": {"name": "ci", "labels": {"azure.workload.identity/use": "true"}},
	}
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}

_review(metadata, spec) := {"review": {
	"object": {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec},
	"namespace": "ci",
}}
