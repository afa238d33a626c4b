package podgate.ci.unmounted_socket_volume_test

import rego.v1

import data.podgate.ci.unmounted_socket_volume

test_fail_b14_socket if {
	expected := {
		{
			"details": {"path": "/spec/volumes/1/name"},
			"msg": concat(" ", [
				"volume \"node\" gives /var/run/docker.sock (/run/docker.sock) of the node,",
				"and no container mounts it: a patch, a sidecar put in later or an",
				"ephemeral container can",
			]),
		},
	}
	violations := unmounted_socket_volume.violation with input as _pod({
		"containers": [{"name": "build"}],
		"volumes": [
			{"name": "tmp", "emptyDir": {}},
			{"name": "node", "hostPath": {"path": "/var/run/docker.sock"}},
		],
	})
	violations == expected
}

test_fail_b14_directory if {
	expected := {
		{
			"details": {"path": "/spec/volumes/1/name"},
			"msg": concat(" ", [
				"volume \"node\" gives /run of the node, and no container mounts it: a patch,",
				"a sidecar put in later or an ephemeral container can",
			]),
		},
	}
	violations := unmounted_socket_volume.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}]}],
		"volumes": [
			{"name": "tmp", "emptyDir": {}},
			{"name": "node", "hostPath": {"path": "/run"}},
		],
	})
	violations == expected
}

test_success_no_containers if {
	violations := unmounted_socket_volume.violation with input as _pod({
		"containers": [],
		"volumes": [{"name": "node", "hostPath": {"path": "/var/run/docker.sock"}}],
	})
	violations == set()
}

test_success_mounted if {
	violations := unmounted_socket_volume.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/s"}]}],
		"volumes": [{"name": "node", "hostPath": {"path": "/var/run/docker.sock"}}],
	})
	violations == set()
}

test_success_mounted_in_part if {
	violations := unmounted_socket_volume.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"volumeMounts": [
					{"name": "node", "mountPath": "/host", "subPath": "run/docker.sock"},
				],
			},
		],
		"volumes": [{"name": "node", "hostPath": {"path": "/var"}}],
	})
	violations == set()
}

test_success_mounted_by_an_ephemeral_container if {
	violations := unmounted_socket_volume.violation with input as _pod({
		"containers": [{"name": "build"}],
		"ephemeralContainers": [
			{"name": "d", "volumeMounts": [{"name": "node", "mountPath": "/s"}]},
		],
		"volumes": [{"name": "node", "hostPath": {"path": "/var/run/docker.sock"}}],
	})
	violations == set()
}

test_success_other_directory if {
	violations := unmounted_socket_volume.violation with input as _pod({
		"containers": [{"name": "build"}],
		"volumes": [{"name": "node", "hostPath": {"path": "/srv/x"}}],
	})
	violations == set()
}

test_success_part_of_a_pod if {
	violations := unmounted_socket_volume.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/var/run/docker.sock"}}],
				},
			},
			"namespace": "ci",
		},
		"partial": true,
	}
	violations == set()
}

test_success_nulls if {
	violations := unmounted_socket_volume.violation with input as {
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
