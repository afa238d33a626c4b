package podgate.ci.buildkit_insecure_test

import rego.v1

import data.podgate.ci.buildkit_insecure

test_fail_entitlements if {
	expected := {
		{
			"msg": "container \"build\" takes BuildKit's walls down: --allow-insecure-entitlement security.insecure",
			"details": {"container": "build", "path": "/spec/containers/0/args/0", "severity": "high"},
		},
		{
			"msg": "container \"build\" takes BuildKit's walls down: --allow-insecure-entitlement=network.host",
			"details": {"container": "build", "path": "/spec/containers/0/args/2", "severity": "high"},
		},
	}
	violations := buildkit_insecure.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"args": [
					"--allow-insecure-entitlement",
					"security.insecure",
					"--allow-insecure-entitlement=network.host",
				],
			},
		],
	})
	violations == expected
}

test_fail_clients if {
	expected := {
		{
			"msg": "container \"build\" takes BuildKit's walls down: --allow security.insecure",
			"details": {"container": "build", "path": "/spec/containers/0/args/0", "severity": "high"},
		},
		{
			"msg": "container \"build\" takes BuildKit's walls down: --allow-insecure-entitlement device",
			"details": {"container": "build", "path": "/spec/containers/0/args/0", "severity": "high"},
		},
		{
			"msg": "container \"build\" takes BuildKit's walls down: --allow=network.host",
			"details": {"container": "build", "path": "/spec/containers/0/args/0", "severity": "high"},
		},
	}
	violations := buildkit_insecure.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"command": ["sh", "-c"],
				"args": [
					concat(" ", [
						"docker buildx build --allow security.insecure . && buildctl build",
						"--allow=network.host\ndocker buildx create --buildkitd-flags",
						"'--allow-insecure-entitlement device'",
					]),
				],
			},
		],
	})
	violations == expected
}

test_fail_variable if {
	expected := {
		{
			"msg": "container \"build\" takes BuildKit's walls down: --allow-insecure-entitlement=security.insecure",
			"details": {"container": "build", "path": "/spec/containers/0/env/0/value", "severity": "high"},
		},
		{
			"msg": "container \"build\" takes BuildKit's walls down: --oci-worker-no-process-sandbox",
			"details": {"container": "build", "path": "/spec/containers/0/env/0/value", "severity": "low"},
		},
	}
	violations := buildkit_insecure.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"image": "moby/buildkit:v0.25.0",
				"env": [
					{
						"name": "BUILDKITD_FLAGS",
						"value": concat(" ", [
							"--debug --allow-insecure-entitlement=security.insecure",
							"--oci-worker-no-process-sandbox",
						]),
					},
					{"name": "BUILDKITD_FLAGS", "valueFrom": {}},
				],
			},
		],
	})
	violations == expected
}

test_fail_no_sandbox_is_low if {
	expected := {
		{
			"msg": "container \"build\" takes BuildKit's walls down: --oci-worker-no-process-sandbox=true",
			"details": {"container": "build", "path": "/spec/containers/0/args/1", "severity": "low"},
		},
	}
	violations := buildkit_insecure.violation with input as _pod({
		"containers": [{"name": "build", "args": ["buildkitd", "--oci-worker-no-process-sandbox=true"]}],
	})
	violations == expected
}

test_success_rootless if {
	violations := buildkit_insecure.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"image": "moby/buildkit:v0.25.0-rootless",
				"args": ["--oci-worker-no-process-sandbox"],
			},
			{"name": "b", "args": ["rootlesskit", "buildkitd", "--oci-worker-no-process-sandbox"]},
		],
	})
	violations == set()
}

test_success_other_words if {
	violations := buildkit_insecure.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"args": [
					"buildctl --allow ssh",
					"echo buildkitd --allow-insecure-entitlement security.insecure",
					"buildkitd --oci-worker-no-process-sandbox=false",
				],
			},
		],
	})
	violations == set()
}

test_success_nulls if {
	violations := buildkit_insecure.violation with input as _pod({"containers": null, "initContainers": [null, "x"], "volumes": null, "securityContext": null})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
