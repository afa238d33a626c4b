package podgate.ci.privileged_dind_test

import rego.v1

import data.podgate.ci.privileged_dind

test_fail_b15_digest if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" is a privileged container daemon (image",
				"docker@sha256:0000000000000000000000000000000000000000000000000000000000000000 is",
				"one): its builds can leave it",
			]),
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
		},
	}
	violations := privileged_dind.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"privileged": true},
				"image": "docker@sha256:0000000000000000000000000000000000000000000000000000000000000000",
			},
		],
	})
	violations == expected
}

test_fail_variable_that_starts_a_daemon if {
	expected := {{
		"msg": concat(" ", [
			"container \"test\" is a privileged container daemon (DOCKER_IN_DOCKER_ENABLED starts one):",
			"its builds can leave it",
		]),
		"details": {
			"container": "test",
			"path": "/spec/containers/0/securityContext/privileged",
			"severity": "critical",
		},
	}}
	violations := privileged_dind.violation with input as _pod({"containers": [{
		"name": "test",
		"image": "registry.example.com/test-infra/kubekins:1.4.2",
		"securityContext": {"privileged": true},
		"env": [{"name": "DOCKER_IN_DOCKER_ENABLED", "value": "true"}],
	}]})
	violations == expected
}

test_fail_b15_mirror if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" is a privileged container daemon (image reg:5000/x/docker:dind is",
				"one): its builds can leave it",
			]),
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
		},
	}
	violations := privileged_dind.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"privileged": true},
				"image": "reg:5000/x/docker:dind",
			},
		],
	})
	violations == expected
}

test_fail_b15_builders_from_any_registry if {
	images := [
		"quay.io:443/buildah/stable:v1.41",
		"mirror.example.com/quay.io/podman/stable:v5",
		"index.docker.io/kindest/node:v1.34.0",
	]
	violations := privileged_dind.violation with input as _pod({"containers": [container |
		some image in images
		container := {"name": "build", "securityContext": {"privileged": true}, "image": image}
	]})
	paths := {violation.details.path | some violation in violations}
	paths == {
		"/spec/containers/0/securityContext/privileged",
		"/spec/containers/1/securityContext/privileged",
		"/spec/containers/2/securityContext/privileged",
	}
}

test_fail_b15_upper_case if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" is a privileged container daemon (image",
				"docker.io/library/docker:27-DIND is one): its builds can leave it",
			]),
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
		},
	}
	violations := privileged_dind.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"privileged": true},
				"image": "docker.io/library/docker:27-DIND",
			},
		],
	})
	violations == expected
}

test_fail_b15_index if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" is a privileged container daemon (image",
				"index.docker.io/library/docker:27.3-dind-rootless is one): its builds can leave it",
			]),
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
		},
	}
	violations := privileged_dind.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"privileged": true},
				"image": "index.docker.io/library/docker:27.3-dind-rootless",
			},
		],
	})
	violations == expected
}

test_fail_buildkit if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" is a privileged container daemon (image moby/buildkit:v0.25.0 is",
				"one): its builds can leave it",
			]),
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
		},
	}
	violations := privileged_dind.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"privileged": true},
				"image": "moby/buildkit:v0.25.0",
			},
		],
	})
	violations == expected
}

test_fail_other_dind if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" is a privileged container daemon (image",
				"registry.example.com/ci/my-dind:1 is one): its builds can leave it",
			]),
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
		},
	}
	violations := privileged_dind.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"privileged": true},
				"image": "registry.example.com/ci/my-dind:1",
			},
		],
	})
	violations == expected
}

test_fail_docker_dind_variant if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" is a privileged container daemon (image docker-dind-gcloud:1 is",
				"one): its builds can leave it",
			]),
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
		},
	}
	violations := privileged_dind.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"privileged": true},
				"image": "docker-dind-gcloud:1",
			},
		],
	})
	violations == expected
}

test_fail_jenkins_dind if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" is a privileged container daemon (image jenkins/dind-agent:1 is",
				"one): its builds can leave it",
			]),
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
		},
	}
	violations := privileged_dind.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"privileged": true},
				"image": "jenkins/dind-agent:1",
			},
		],
	})
	violations == expected
}

test_fail_podman if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" is a privileged container daemon (image quay.io/podman/stable:v5 is",
				"one): its builds can leave it",
			]),
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
		},
	}
	violations := privileged_dind.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"privileged": true},
				"image": "quay.io/podman/stable:v5",
			},
		],
	})
	violations == expected
}

test_fail_b16_command if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" is a privileged container daemon (it runs dockerd): its builds can",
				"leave it",
			]),
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
		},
	}
	violations := privileged_dind.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"privileged": true},
				"image": "ubuntu:24.04",
				"command": ["/usr/bin/dockerd"],
			},
		],
	})
	violations == expected
}

test_fail_b16_script if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" is a privileged container daemon (it runs dockerd): its builds can",
				"leave it",
			]),
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
		},
	}
	violations := privileged_dind.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"privileged": true},
				"image": "ubuntu:24.04",
				"command": ["sh", "-c"],
				"args": ["# start\nDOCKERD_OPTS=; (dockerd &)\ndocker build ."],
			},
		],
	})
	violations == expected
}

test_fail_nested_cluster if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" is a privileged container daemon (it runs kind create cluster): its",
				"builds can leave it",
			]),
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
		},
	}
	violations := privileged_dind.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"privileged": true},
				"image": "ubuntu:24.04",
				"args": ["kind create cluster"],
			},
		],
	})
	violations == expected
}

test_fail_certificates if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" is a privileged container daemon (it keeps the certificates of a",
				"Docker daemon): its builds can leave it",
			]),
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
		},
	}
	violations := privileged_dind.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"privileged": true},
				"image": "docker:27",
				"env": [{"name": "DOCKER_TLS_CERTDIR", "value": "/certs"}],
			},
		],
	})
	violations == expected
}

test_fail_user_namespace_is_high if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" is a privileged container daemon (image docker:27-dind is one): its",
				"builds can leave it",
			]),
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "high",
			},
		},
	}
	violations := privileged_dind.violation with input as _pod({
		"containers": [
			{"name": "build", "securityContext": {"privileged": true}, "image": "docker:27-dind"},
		],
		"hostUsers": false,
	})
	violations == expected
}

test_success_privileged_only if {
	violations := privileged_dind.violation with input as _pod({
		"containers": [{"name": "build", "securityContext": {"privileged": true}}],
	})
	violations == set()
}

test_success_f04_client if {
	violations := privileged_dind.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"privileged": true},
				"image": "docker:27-cli",
				"env": [{"name": "DOCKER_TLS_CERTDIR", "value": "/certs"}],
			},
		],
	})
	violations == set()
}

test_success_f04_name_only if {
	violations := privileged_dind.violation with input as _pod({
		"containers": [
			{"name": "build", "securityContext": {"privileged": true}, "image": "dind-tests:1"},
		],
	})
	violations == set()
}

test_success_comment if {
	violations := privileged_dind.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"securityContext": {"privileged": true},
				"image": "ubuntu:24.04",
				"args": ["# dockerd\nmake"],
			},
		],
	})
	violations == set()
}

test_success_not_privileged if {
	violations := privileged_dind.violation with input as _pod({
		"containers": [{"name": "dind", "image": "docker:27-dind"}],
	})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
