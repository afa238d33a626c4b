package podgate.ci.user_namespace_missing_test

import rego.v1

import data.podgate.ci.user_namespace_missing

test_fail_privileged_daemon if {
	expected := {
		{
			"msg": "container \"dind\" builds images and is privileged, without a user namespace (hostUsers: false)",
			"details": {"container": "dind", "path": "/spec/containers/0/image"},
		},
	}
	violations := user_namespace_missing.violation with input as _pod({
		"containers": [{"name": "dind", "image": "docker:27-dind", "securityContext": {"privileged": true}}],
	})
	violations == expected
}

test_fail_root_builder if {
	expected := {
		{
			"msg": concat(" ", [
				"init container \"build\" builds images and runs as root, without a user namespace",
				"(hostUsers: false)",
			]),
			"details": {"container": "build", "path": "/spec/initContainers/0/image"},
		},
	}
	violations := user_namespace_missing.violation with input as _pod({
		"hostUsers": true,
		"initContainers": [
			{
				"name": "build",
				"image": "gcr.io/kaniko-project/executor:v1",
				"securityContext": {"runAsUser": 0},
			},
		],
	})
	violations == expected
}

test_fail_unknown_user if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" builds images and runs as root, as nothing says otherwise,",
				"without a user namespace (hostUsers: false)",
			]),
			"details": {"container": "build", "path": "/spec/containers/0/image"},
		},
	}
	violations := user_namespace_missing.violation with input as _pod({"containers": [{"name": "build", "image": "ghcr.io/osscontainertools/kaniko:v1"}]})
	violations == expected
}

test_fail_daemon_by_command if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" builds images and runs as root, as nothing says otherwise,",
				"without a user namespace (hostUsers: false)",
			]),
			"details": {"container": "build", "path": "/spec/containers/0/image"},
		},
	}
	violations := user_namespace_missing.violation with input as _pod({"containers": [{"name": "build", "image": "ubuntu:24.04", "command": ["dockerd"]}]})
	violations == expected
}

test_success_user_namespace if {
	violations := user_namespace_missing.violation with input as _pod({
		"hostUsers": false,
		"containers": [{"name": "dind", "image": "docker:27-dind", "securityContext": {"privileged": true}}],
	})
	violations == set()
}

test_success_user if {
	violations := user_namespace_missing.violation with input as _pod({
		"securityContext": {"runAsUser": 1000},
		"containers": [{"name": "build", "image": "quay.io/buildah/stable:v1"}],
	})
	violations == set()
}

test_success_may_be_root if {
	violations := user_namespace_missing.violation with input as _pod({
		"securityContext": {"runAsUser": 1000, "runAsNonRoot": false},
		"containers": [{"name": "build", "image": "quay.io/buildah/stable:v1"}],
	})
	violations == set()
}

test_success_rootless_image if {
	violations := user_namespace_missing.violation with input as _pod({"containers": [{"name": "build", "image": "moby/buildkit:v0.25.0-rootless"}]})
	violations == set()
}

test_success_f05_no_builder if {
	violations := user_namespace_missing.violation with input as _pod({
		"hostUsers": true,
		"containers": [{"name": "build", "image": "alpine:3.22", "securityContext": {"runAsUser": 0}}],
	})
	violations == set()
}

test_success_partial if {
	violations := user_namespace_missing.violation with input as object.union({"partial": true}, _pod({
		"containers": [{"name": "dind", "image": "docker:27-dind", "securityContext": {"privileged": true}}],
	}))
	violations == set()
}

test_success_nulls if {
	violations := user_namespace_missing.violation with input as _pod({"containers": null, "initContainers": [null, "x"], "volumes": null, "securityContext": null})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
