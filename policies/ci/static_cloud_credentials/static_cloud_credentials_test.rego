package podgate.ci.static_cloud_credentials_test

import rego.v1

import data.podgate.ci.static_cloud_credentials

test_fail_clear_text if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/env/1/name",
				"severity": "high",
			},
			"msg": concat(" ", [
				"container \"build\" has the secret key of an AWS user in the variable",
				"AWS_SECRET_ACCESS_KEY, in clear text",
			]),
		},
	}
	violations := static_cloud_credentials.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [
					{"name": "AWS_ACCESS_KEY_ID", "value": "AKIA0000EXAMPLE"},
					{"name": "AWS_SECRET_ACCESS_KEY", "value": "not-told"},
				],
			},
		],
	})
	violations == expected
}

_variable(value) := _pod({"containers": [{"name": "build", "env": [{"name": "AWS_SECRET_KEY", "value": value}]}]})

test_fail_what_may_be_a_secret if {
	expected := {{
		"details": {"container": "build", "path": "/spec/containers/0/env/0/name", "severity": "high"},
		"msg": `container "build" has the secret key of an AWS user in the variable AWS_SECRET_KEY, in clear text`,
	}}
	every value in [
		"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
		"minioadmin",
		"x",
		"NOT_SET1",
		"<abc1>",
		"your-secret-1",
		"yoursecretkey",
		"your-abcdefghijklmnop",
		"changemeorelse",
		"password",
		"$(KEY)wJalrXUtnFEMI",
		"wJalrXUtnFEMI${{ secrets.X }}",
		"${KEY:-wJalrXUtnFEMI}",
	] {
		violations := static_cloud_credentials.violation with input as _variable(value)
		violations == expected
	}
}

test_success_placeholder if {
	every value in [
		"NOT_SET",
		"changeme",
		"CHANGE_ME",
		"change-me",
		"<secret>",
		"<your secret_key>",
		"TODO",
		"xxx",
		"XXXXXXXX",
		"***",
		"REPLACE_ME",
		"your-secret-key",
		"YOUR_AWS_SECRET_KEY_HERE",
		"replace with your key",
		"example",
		"dummy",
		"None",
		"null",
	] {
		violations := static_cloud_credentials.violation with input as _variable(value)
		violations == set()
	}
}

test_fail_in_every_kind_of_container if {
	expected := {
		{
			"details": {
				"container": "a",
				"path": "/spec/initContainers/0/env/0/name",
				"severity": "high",
			},
			"msg": concat(" ", [
				"init container \"a\" has the password of an Azure application in the",
				"variable AZURE_CLIENT_SECRET, in clear text",
			]),
		},
		{
			"details": {
				"container": "b",
				"path": "/spec/containers/0/env/0/name",
				"severity": "high",
			},
			"msg": concat(" ", [
				"container \"b\" has a session of an AWS role in the variable",
				"AWS_SESSION_TOKEN, in clear text",
			]),
		},
		{
			"details": {
				"container": "c",
				"path": "/spec/ephemeralContainers/0/env/0/name",
				"severity": "high",
			},
			"msg": concat(" ", [
				"ephemeral container \"c\" has the key of a Google Cloud account in the",
				"variable GOOGLE_CREDENTIALS, in clear text",
			]),
		},
	}
	violations := static_cloud_credentials.violation with input as _pod({
		"initContainers": [{"name": "a", "env": [{"name": "AZURE_CLIENT_SECRET", "value": "x"}]}],
		"containers": [{"name": "b", "env": [{"name": "AWS_SESSION_TOKEN", "value": "x"}]}],
		"ephemeralContainers": [
			{"name": "c", "env": [{"name": "GOOGLE_CREDENTIALS", "value": "x"}]},
		],
	})
	violations == expected
}

test_fail_from_a_secret if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/env/0/name",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" has the secret key of an AWS user in the variable",
				"AWS_SECRET_ACCESS_KEY, from the Secret \"aws\"",
			]),
		},
	}
	violations := static_cloud_credentials.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [
					{
						"name": "AWS_SECRET_ACCESS_KEY",
						"valueFrom": {"secretKeyRef": {"name": "aws", "key": "secret"}},
					},
				],
			},
		],
	})
	violations == expected
}

test_fail_from_a_config_map if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/env/0/name",
				"severity": "high",
			},
			"msg": concat(" ", [
				"container \"build\" has the password of an Azure application in the variable",
				"ARM_CLIENT_SECRET, from the ConfigMap \"azure\", which is no place for",
				"secrets",
			]),
		},
	}
	violations := static_cloud_credentials.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [
					{
						"name": "ARM_CLIENT_SECRET",
						"valueFrom": {"configMapKeyRef": {"name": "azure", "key": "secret"}},
					},
				],
			},
		],
	})
	violations == expected
}

test_fail_filled_in_from_elsewhere if {
	expected := {{
		"details": {"container": "build", "path": "/spec/containers/0/env/0/name", "severity": "medium"},
		"msg": concat(" ", [
			"container \"build\" has the secret key of an AWS user in the variable",
			"AWS_SECRET_KEY, filled in from elsewhere",
		]),
	}}
	every value in [
		"$(KEY)",
		"$(params.k)",
		"${{ secrets.X }}",
		"${{ steps.x.outputs.y }}",
		"((aws.secret))",
		"$PROD_AWS_SECRET",
		"${PROD_SECRET}",
		"<< parameters.k >>",
		"{{inputs.parameters.k}}",
	] {
		violations := static_cloud_credentials.violation with input as _variable(value)
		violations == expected
	}
}

test_fail_all_of_a_secret if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/envFrom/0/secretRef/name",
				"severity": "low",
			},
			"msg": concat(" ", [
				"container \"build\" takes all of the Secret \"ci-AWS-push\" into its",
				"environment, by its name the credentials of a cloud",
			]),
		},
	}
	violations := static_cloud_credentials.violation with input as _pod({
		"containers": [{"name": "build", "envFrom": [{"secretRef": {"name": "ci-AWS-push"}}]}],
	})
	violations == expected
}

test_fail_key_file if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/env/0/name",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" has the key of a Google Cloud account in the variable",
				"GOOGLE_APPLICATION_CREDENTIALS, which names a file from the Secret",
				"\"google-key\"",
			]),
		},
	}
	violations := static_cloud_credentials.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [{"name": "GOOGLE_APPLICATION_CREDENTIALS", "value": "/secrets/key.json"}],
				"volumeMounts": [{"name": "key", "mountPath": "/secrets/"}],
			},
		],
		"volumes": [{"name": "key", "secret": {"secretName": "google-key"}}],
	})
	violations == expected
}

test_fail_mounted if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/volumeMounts/0/mountPath",
				"severity": "medium",
			},
			"msg": "container \"build\" has AWS credentials in /root/.aws, from the Secret \"aws\"",
		},
	}
	violations := static_cloud_credentials.violation with input as _pod({
		"containers": [
			{"name": "build", "volumeMounts": [{"name": "key", "mountPath": "/root/.aws"}]},
		],
		"volumes": [{"name": "key", "secret": {"secretName": "aws"}}],
	})
	violations == expected
}

test_fail_mounted_file if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/volumeMounts/0/mountPath",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" has Google Cloud credentials in",
				"/home/jenkins//.config/gcloud/key.json, from the Secret \"google-key\"",
			]),
		},
	}
	violations := static_cloud_credentials.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"volumeMounts": [
					{"name": "key", "mountPath": "/home/jenkins//.config/gcloud/key.json"},
				],
			},
		],
		"volumes": [{"name": "key", "secret": {"secretName": "google-key"}}],
	})
	violations == expected
}

test_fail_mounted_registry_password if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/volumeMounts/0/mountPath",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" has a registry's password in /kaniko/.docker, from the",
				"Secret \"registry\"",
			]),
		},
	}
	violations := static_cloud_credentials.violation with input as _pod({
		"containers": [
			{"name": "build", "volumeMounts": [{"name": "key", "mountPath": "/kaniko/.docker"}]},
		],
		"volumes": [
			{"name": "key", "projected": {"sources": [{"secret": {"name": "registry"}}]}},
		],
	})
	violations == expected
}

_mounted(place, env) := _pod({
	"containers": [{"name": "build", "env": env, "volumeMounts": [{"name": "key", "mountPath": place}]}],
	"volumes": [{"name": "key", "secret": {"secretName": "registry"}}],
})

_registry(place) := {found} if {
	text := "container \"build\" has a registry's password in %v, from the Secret \"registry\""
	path := "/spec/containers/0/volumeMounts/0/mountPath"
	found := {
		"details": {"container": "build", "path": path, "severity": "medium"},
		"msg": sprintf(text, [place]),
	}
}

test_fail_where_docker_reads if {
	every place in [
		"/root/.docker",
		"/kaniko/.docker/",
		"/root/.docker/config.json",
		"/root//.docker//config.json",
		"/root/.docker/./config.json",
		"/root/.docker/secrets/..",
		"$HOME/.docker",
		"~/.docker",
	] {
		violations := static_cloud_credentials.violation with input as _mounted(place, [])
		violations == _registry(place)
	}
}

test_fail_below_where_docker_reads if {
	every place in [
		"/root/.docker/ca.pem",
		"/root/.docker/cert.pem",
		"/root/.docker/key.pem",
		"/root/.docker/contexts",
		"/root/.docker/trust/private",
		"/root/.docker/ci",
		"/root/.docker/ci/config.json",
		"/root/.docker/secretsx",
	] {
		every env in [[], [{"name": "DOCKER_CONFIG", "value": "/root/.docker/other"}], null, [null]] {
			violations := static_cloud_credentials.violation with input as _mounted(place, env)
			violations == _registry(place)
		}
	}
}

_secrets := ["/root/.docker/secrets", "/root/.docker/secrets/coveralls", "/root/.docker/./secrets/config.json"]

test_fail_secrets_that_docker_is_told_of if {
	every variable in [
		{"name": "DOCKER_CONFIG", "value": "/root/.docker/secrets/"},
		{"name": "DOCKER_CONFIG", "value": "$(HOME)/ci"},
		{"name": "DOCKER_CONFIG", "valueFrom": {"configMapKeyRef": {"name": "a", "key": "b"}}},
		{"name": "DOCKER_CERT_PATH", "value": "/root/.docker/secrets/certs"},
		{"name": "REGISTRY_AUTH_FILE", "value": "/root/.docker/secrets/auth.json"},
	] {
		every place in _secrets {
			violations := static_cloud_credentials.violation with input as _mounted(place, [variable])
			violations == _registry(place)
		}
	}
	every run in [
		{"command": ["docker", "--config", "/root/.docker/secrets/ci", "pull", "x"]},
		{"args": ["export DOCKER_CONFIG=~/.docker/secrets; docker pull x"]},
		{"args": ["podman pull --authfile=~/.docker/secrets/a.json x"]},
		{"lifecycle": {"postStart": {"exec": {"command": ["docker", "--tlskey=/root/.docker/secrets/k", "ps"]}}}},
	] {
		every place in _secrets {
			violations := static_cloud_credentials.violation with input as _running(place, run)
			violations == _registry(place)
		}
	}
}

test_success_secrets_that_docker_does_not_read if {
	every place in _secrets {
		every env in [
			[],
			[{"name": "DOCKER_CONFIG", "value": "/root/.docker"}],
			[{"name": "COVERALLS", "value": "/root/.docker/secrets/coveralls"}],
			null,
			[null],
		] {
			violations := static_cloud_credentials.violation with input as _mounted(place, env)
			violations == set()
		}
		run := {"command": ["sh", "-c", "docker build .; cat /root/.docker/secrets/coveralls"], "args": null}
		violations := static_cloud_credentials.violation with input as _running(place, run)
		violations == set()
	}
}

_running(place, run) := _pod({
	"containers": [object.union({"name": "build", "volumeMounts": [{"name": "key", "mountPath": place}]}, run)],
	"volumes": [{"name": "key", "secret": {"secretName": "registry"}}],
})

test_fail_mounted_store if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/volumeMounts/0/mountPath",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" has Azure credentials in /root/.azure, from a store of",
				"secrets",
			]),
		},
	}
	violations := static_cloud_credentials.violation with input as _pod({
		"containers": [
			{"name": "build", "volumeMounts": [{"name": "key", "mountPath": "/root/.azure"}]},
		],
		"volumes": [{"name": "key", "csi": {"driver": "secrets-store.csi.k8s.io"}}],
	})
	violations == expected
}

test_fail_mounted_kubeconfig if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/volumeMounts/0/mountPath",
				"severity": "medium",
			},
			"msg": "container \"build\" has a kubeconfig in /root/.kube, from the Secret \"\"",
		},
	}
	violations := static_cloud_credentials.violation with input as _pod({
		"containers": [
			{"name": "build", "volumeMounts": [{"name": "key", "mountPath": "/root/.kube"}]},
		],
		"volumes": [{"name": "key", "secret": {}}],
	})
	violations == expected
}

test_fail_key_file_from_nowhere if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/env/0/name",
				"severity": "low",
			},
			"msg": concat(" ", [
				"container \"build\" has AWS credentials in the variable",
				"AWS_SHARED_CREDENTIALS_FILE, which names a file that no volume brings",
			]),
		},
	}
	violations := static_cloud_credentials.violation with input as _pod({
		"containers": [
			{"name": "build", "env": [{"name": "AWS_SHARED_CREDENTIALS_FILE", "value": "/x"}]},
		],
	})
	violations == expected
}

test_fail_mounted_ssh_key if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/volumeMounts/0/mountPath",
				"severity": "low",
			},
			"msg": concat(" ", [
				"container \"build\" has an SSH key in /root/.ssh, from the Secret",
				"\"google-key\"",
			]),
		},
	}
	violations := static_cloud_credentials.violation with input as _pod({
		"containers": [
			{"name": "build", "volumeMounts": [{"name": "key", "mountPath": "/root/.ssh"}]},
		],
		"volumes": [{"name": "key", "secret": {"secretName": "google-key"}}],
	})
	violations == expected
}

test_success_key_file_in_part_of_a_pod if {
	violations := static_cloud_credentials.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"env": [{"name": "AWS_SHARED_CREDENTIALS_FILE", "value": "/x"}],
						},
					],
				},
			},
			"namespace": "ci",
		},
		"partial": true,
	}
	violations == set()
}

test_success_other_variables if {
	violations := static_cloud_credentials.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [
					{"name": "AWS_REGION", "value": "eu-west-1"},
					{"name": "AWS_SECRET_ACCESS_KEY", "value": ""},
					{
						"name": "AWS_SESSION_TOKEN",
						"valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}},
					},
				],
			},
		],
	})
	violations == set()
}

test_success_file_of_no_secret if {
	violations := static_cloud_credentials.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [
					{"name": "GOOGLE_APPLICATION_CREDENTIALS", "value": "/config/federation.json"},
				],
				"volumeMounts": [
					{"name": "config", "mountPath": "/config"},
					{"name": "key", "mountPath": "/conf"},
				],
			},
		],
		"volumes": [
			{"name": "config", "configMap": {"name": "federation"}},
			{"name": "key", "secret": {"secretName": "google-key"}},
		],
	})
	violations == set()
}

test_success_other_places if {
	violations := static_cloud_credentials.violation with input as _pod({
		"containers": [
			{"name": "build", "volumeMounts": [{"name": "key", "mountPath": "/etc/certs"}]},
		],
		"volumes": [{"name": "key", "secret": {"secretName": "google-key"}}],
	})
	violations == set()
}

test_success_f03_config_map if {
	violations := static_cloud_credentials.violation with input as _pod({
		"containers": [
			{"name": "build", "volumeMounts": [{"name": "key", "mountPath": "/root/.docker"}]},
		],
		"volumes": [{"name": "key", "configMap": {"name": "helpers"}}],
	})
	violations == set()
}

test_success_projected_config if {
	violations := static_cloud_credentials.violation with input as _pod({
		"containers": [
			{"name": "build", "volumeMounts": [{"name": "key", "mountPath": "/root/.aws"}]},
		],
		"volumes": [{"name": "key", "projected": {"sources": [{"configMap": {"name": "x"}}]}}],
	})
	violations == set()
}

test_success_other_driver if {
	violations := static_cloud_credentials.violation with input as _pod({
		"containers": [
			{"name": "build", "volumeMounts": [{"name": "key", "mountPath": "/root/.aws"}]},
		],
		"volumes": [{"name": "key", "csi": {"driver": "efs.csi.aws.com"}}],
	})
	violations == set()
}

test_success_other_secret if {
	violations := static_cloud_credentials.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"envFrom": [
					{"secretRef": {"name": "database"}},
					{"configMapRef": {"name": "aws"}},
				],
			},
		],
	})
	violations == set()
}

test_success_nulls if {
	violations := static_cloud_credentials.violation with input as {
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
