package podgate.ci.auto_privileged_image_test

import rego.v1

import data.podgate.ci.auto_privileged_image

test_fail_plugins if {
	expected := {
		{
			"msg": "container \"a\" uses plugins/docker:20, which CI servers start privileged by its name",
			"details": {"container": "a", "path": "/spec/containers/0/image"},
		},
		{
			"msg": concat(" ", [
				"container \"b\" uses docker.io/plugins/ecr@sha256:00, which CI servers start",
				"privileged by its name",
			]),
			"details": {"container": "b", "path": "/spec/containers/1/image"},
		},
		{
			"msg": concat(" ", [
				"container \"c\" uses reg:5000/woodpeckerci/plugin-docker-buildx:5, which CI servers",
				"start privileged by its name",
			]),
			"details": {"container": "c", "path": "/spec/containers/2/image"},
		},
		{
			"msg": concat(" ", [
				"container \"d\" uses codeberg.org/woodpecker-plugins/docker-buildx, which CI",
				"servers start privileged by its name",
			]),
			"details": {"container": "d", "path": "/spec/containers/3/image"},
		},
	}
	violations := auto_privileged_image.violation with input as _pod({
		"containers": [
			{"name": "a", "image": "plugins/docker:20"},
			{"name": "b", "image": "docker.io/plugins/ecr@sha256:00"},
			{"name": "c", "image": "reg:5000/woodpeckerci/plugin-docker-buildx:5"},
			{"name": "d", "image": "codeberg.org/woodpecker-plugins/docker-buildx"},
		],
	})
	violations == expected
}

test_fail_settings_of_a_server if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" makes steps privileged by the name of their image",
				"(DRONE_RUNNER_PRIVILEGED_IMAGES)",
			]),
			"details": {"container": "build", "path": "/spec/containers/0/env/0"},
		},
		{
			"msg": concat(" ", [
				"container \"build\" makes steps privileged by the name of their image",
				"(WOODPECKER_PLUGINS_PRIVILEGED)",
			]),
			"details": {"container": "build", "path": "/spec/containers/0/env/1"},
		},
	}
	violations := auto_privileged_image.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [
					{"name": "DRONE_RUNNER_PRIVILEGED_IMAGES", "value": "plugins/docker"},
					{
						"name": "WOODPECKER_PLUGINS_PRIVILEGED",
						"valueFrom": {"configMapKeyRef": {"name": "a", "key": "b"}},
					},
				],
			},
		],
	})
	violations == expected
}

test_success_other_images if {
	violations := auto_privileged_image.violation with input as _pod({
		"containers": [
			{"name": "a", "image": "docker:27-cli"},
			{"name": "b", "image": "plugins/slack:1"},
			{"name": "c", "image": "my-plugins/docker:1"},
			{"name": "d", "image": "docker/buildx-bin:1"},
			{"name": "e", "image": "x/docker-buildx:1"},
		],
	})
	violations == set()
}

test_success_empty_list if {
	violations := auto_privileged_image.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [
					{"name": "DRONE_RUNNER_PRIVILEGED_IMAGES", "value": ""},
					{"name": "DOCKER_HOST", "value": "x"},
				],
			},
		],
	})
	violations == set()
}

test_success_nulls if {
	violations := auto_privileged_image.violation with input as _pod({"containers": null, "initContainers": [null, "x"], "volumes": null, "securityContext": null})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
