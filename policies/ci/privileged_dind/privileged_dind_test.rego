package podgate.ci.privileged_dind_test

import rego.v1

import data.podgate.ci.privileged_dind

test_fail_b15_digest if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
			"msg": "container \"build\" is a privileged container daemon (image docker@sha256:0000000000000000000000000000000000000000000000000000000000000000 is one): its builds can leave it",
		},
	}
	violations := privileged_dind.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "docker@sha256:0000000000000000000000000000000000000000000000000000000000000000",
							"securityContext": {"privileged": true},
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_b15_mirror if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
			"msg": "container \"build\" is a privileged container daemon (image reg:5000/x/docker:dind is one): its builds can leave it",
		},
	}
	violations := privileged_dind.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "reg:5000/x/docker:dind",
							"securityContext": {"privileged": true},
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_b15_upper_case if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
			"msg": "container \"build\" is a privileged container daemon (image docker.io/library/docker:27-DIND is one): its builds can leave it",
		},
	}
	violations := privileged_dind.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "docker.io/library/docker:27-DIND",
							"securityContext": {"privileged": true},
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_b15_index if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
			"msg": "container \"build\" is a privileged container daemon (image index.docker.io/library/docker:27.3-dind-rootless is one): its builds can leave it",
		},
	}
	violations := privileged_dind.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "index.docker.io/library/docker:27.3-dind-rootless",
							"securityContext": {"privileged": true},
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_buildkit if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
			"msg": "container \"build\" is a privileged container daemon (image moby/buildkit:v0.25.0 is one): its builds can leave it",
		},
	}
	violations := privileged_dind.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "moby/buildkit:v0.25.0",
							"securityContext": {"privileged": true},
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_other_dind if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
			"msg": "container \"build\" is a privileged container daemon (image registry.example.com/ci/my-dind:1 is one): its builds can leave it",
		},
	}
	violations := privileged_dind.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "registry.example.com/ci/my-dind:1",
							"securityContext": {"privileged": true},
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_docker_dind_variant if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
			"msg": "container \"build\" is a privileged container daemon (image docker-dind-gcloud:1 is one): its builds can leave it",
		},
	}
	violations := privileged_dind.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "docker-dind-gcloud:1",
							"securityContext": {"privileged": true},
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_jenkins_dind if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
			"msg": "container \"build\" is a privileged container daemon (image jenkins/dind-agent:1 is one): its builds can leave it",
		},
	}
	violations := privileged_dind.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "jenkins/dind-agent:1",
							"securityContext": {"privileged": true},
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_podman if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
			"msg": "container \"build\" is a privileged container daemon (image quay.io/podman/stable:v5 is one): its builds can leave it",
		},
	}
	violations := privileged_dind.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "quay.io/podman/stable:v5",
							"securityContext": {"privileged": true},
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_b16_command if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
			"msg": "container \"build\" is a privileged container daemon (it runs dockerd): its builds can leave it",
		},
	}
	violations := privileged_dind.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "ubuntu:24.04",
							"securityContext": {"privileged": true},
							"command": ["/usr/bin/dockerd"],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_b16_script if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
			"msg": "container \"build\" is a privileged container daemon (it runs dockerd): its builds can leave it",
		},
	}
	violations := privileged_dind.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "ubuntu:24.04",
							"securityContext": {"privileged": true},
							"command": ["sh", "-c"],
							"args": ["# start\nDOCKERD_OPTS=; (dockerd &)\ndocker build ."],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_nested_cluster if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
			"msg": "container \"build\" is a privileged container daemon (it runs kind create cluster): its builds can leave it",
		},
	}
	violations := privileged_dind.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "ubuntu:24.04",
							"securityContext": {"privileged": true},
							"args": ["kind create cluster"],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_certificates if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "critical",
			},
			"msg": "container \"build\" is a privileged container daemon (it keeps the certificates of a Docker daemon): its builds can leave it",
		},
	}
	violations := privileged_dind.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "docker:27",
							"securityContext": {"privileged": true},
							"env": [{"name": "DOCKER_TLS_CERTDIR", "value": "/certs"}],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_user_namespace_is_high if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/privileged",
				"severity": "high",
			},
			"msg": "container \"build\" is a privileged container daemon (image docker:27-dind is one): its builds can leave it",
		},
	}
	violations := privileged_dind.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "docker:27-dind",
							"securityContext": {"privileged": true},
						},
					],
					"hostUsers": false,
				},
			},
		},
	}
	violations == expected
}

test_success_privileged_only if {
	violations := privileged_dind.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"securityContext": {"privileged": true},
						},
					],
				},
			},
		},
	}
	violations == set()
}

test_success_f04_client if {
	violations := privileged_dind.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "docker:27-cli",
							"securityContext": {"privileged": true},
							"env": [{"name": "DOCKER_TLS_CERTDIR", "value": "/certs"}],
						},
					],
				},
			},
		},
	}
	violations == set()
}

test_success_f04_name_only if {
	violations := privileged_dind.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "dind-tests:1",
							"securityContext": {"privileged": true},
						},
					],
				},
			},
		},
	}
	violations == set()
}

test_success_comment if {
	violations := privileged_dind.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "ubuntu:24.04",
							"securityContext": {"privileged": true},
							"args": ["# dockerd\nmake"],
						},
					],
				},
			},
		},
	}
	violations == set()
}

test_success_not_privileged if {
	violations := privileged_dind.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {"containers": [{"name": "dind", "image": "docker:27-dind"}]},
			},
		},
	}
	violations == set()
}
