package podgate.ci.dind_image_test

import rego.v1

import data.podgate.ci.dind_image

test_fail_daemons if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"a\" runs a container daemon (docker:27-dind), which needs privilege: it",
				"comes from elsewhere than this manifest",
			]),
			"details": {"container": "a", "path": "/spec/containers/0/image"},
		},
		{
			"msg": concat(" ", [
				"container \"b\" runs a container daemon (moby/buildkit:v0.25.0), which needs",
				"privilege: it comes from elsewhere than this manifest",
			]),
			"details": {"container": "b", "path": "/spec/containers/1/image"},
		},
		{
			"msg": concat(" ", [
				"container \"c\" runs a container daemon (reg:5000/mirror/docker:27-DIND), which",
				"needs privilege: it comes from elsewhere than this manifest",
			]),
			"details": {"container": "c", "path": "/spec/containers/2/image"},
		},
		{
			"msg": concat(" ", [
				"container \"d\" runs a container daemon (kindest/node:v1.33.0), which needs",
				"privilege: it comes from elsewhere than this manifest",
			]),
			"details": {"container": "d", "path": "/spec/containers/3/image"},
		},
	}
	violations := dind_image.violation with input as _pod({
		"containers": [
			{"name": "a", "image": "docker:27-dind"},
			{"name": "b", "image": "moby/buildkit:v0.25.0"},
			{"name": "c", "image": "reg:5000/mirror/docker:27-DIND"},
			{"name": "d", "image": "kindest/node:v1.33.0"},
		],
	})
	violations == expected
}

test_fail_another_is_privileged if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" runs a container daemon (docker:27-dind-rootless), which needs",
				"privilege: it comes from elsewhere than this manifest",
			]),
			"details": {"container": "build", "path": "/spec/containers/0/image"},
		},
	}
	violations := dind_image.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"image": "docker:27-dind-rootless",
				"securityContext": {"privileged": false},
			},
			{"name": "b", "image": "a", "securityContext": {"privileged": true}},
		],
		"runtimeClassName": "kata",
	})
	violations == expected
}

test_success_privileged_is_ci202 if {
	violations := dind_image.violation with input as _pod({
		"containers": [{"name": "build", "image": "docker:27-dind", "securityContext": {"privileged": true}}],
	})
	violations == set()
}

test_success_works_without if {
	violations := dind_image.violation with input as _pod({
		"containers": [
			{"name": "a", "image": "moby/buildkit:v0.25.0-rootless"},
			{"name": "b", "image": "quay.io/buildah/stable:v1"},
			{"name": "c", "image": "quay.io/podman/stable:v5"},
			{"name": "d", "image": "docker@sha256:00"},
			{"name": "e", "image": "docker:27-cli"},
			{"name": "f", "image": "mydocker/app:1"},
			{"name": "g", "image": "docker-credential-helper:1"},
			{"name": "h", "image": "dind-tests:1"},
		],
	})
	violations == set()
}

test_success_client_commands if {
	violations := dind_image.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"image": "moby/buildkit:v0.25.0",
				"command": ["/usr/bin/buildctl", "build"],
			},
			{"name": "b", "image": "docker:27-dind", "command": ["docker"]},
		],
	})
	violations == set()
}

test_success_sysbox if {
	violations := dind_image.violation with input as _pod({"containers": [{"name": "a", "image": "docker:27-dind"}], "runtimeClassName": "sysbox-runc"})
	violations == set()
}

test_success_partial if {
	violations := dind_image.violation with input as object.union({"partial": true}, _pod({"containers": [{"name": "a", "image": "docker:27-dind"}]}))
	violations == set()
}

test_success_nulls if {
	violations := dind_image.violation with input as _pod({"containers": null, "initContainers": [null, "x"], "volumes": null, "securityContext": null})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
