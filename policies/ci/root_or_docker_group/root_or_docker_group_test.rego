package podgate.ci.root_or_docker_group_test

import rego.v1

import data.podgate.ci.root_or_docker_group

test_fail_group_of_root if {
	expected := {
		{
			"msg": "runAsGroup is 0: files that belong to root's group are open to it",
			"details": {"container": "build", "path": "/spec/containers/0/securityContext/runAsGroup"},
		},
		{
			"msg": "fsGroup is 0: files that belong to root's group are open to it",
			"details": {"path": "/spec/securityContext/fsGroup"},
		},
		{
			"msg": "runAsGroup is 0: files that belong to root's group are open to it",
			"details": {"path": "/spec/securityContext/runAsGroup"},
		},
		{
			"msg": "supplementalGroups is 0: files that belong to root's group are open to it",
			"details": {"path": "/spec/securityContext/supplementalGroups/1"},
		},
	}
	violations := root_or_docker_group.violation with input as _pod({
		"securityContext": {"fsGroup": 0, "runAsGroup": 0, "supplementalGroups": [1000, 0]},
		"containers": [{"name": "build", "securityContext": {"runAsGroup": "0"}}],
	})
	violations == expected
}

test_fail_docker_group_with_socket if {
	expected := {
		{
			"msg": "runAsGroup is 999: with it a user who is not root opens the socket of the node's runtime, too",
			"details": {"container": "build", "path": "/spec/containers/0/securityContext/runAsGroup"},
		},
		{
			"msg": concat(" ", [
				"supplementalGroups is 998: with it a user who is not root opens the socket of the",
				"node's runtime, too",
			]),
			"details": {"path": "/spec/securityContext/supplementalGroups/0"},
		},
	}
	violations := root_or_docker_group.violation with input as _pod({
		"securityContext": {"supplementalGroups": [998, 2000]},
		"containers": [{"name": "build", "securityContext": {"runAsGroup": 999}}],
		"volumes": [{"name": "s", "hostPath": {"path": "/var/run/docker.sock"}}],
	})
	violations == expected
}

test_fail_directory_of_sockets if {
	expected := {
		{
			"msg": "fsGroup is 0: with it a user who is not root opens the socket of the node's runtime, too",
			"details": {"path": "/spec/securityContext/fsGroup"},
		},
	}
	violations := root_or_docker_group.violation with input as _pod({
		"securityContext": {"fsGroup": "0"},
		"containers": [{"name": "build"}],
		"volumes": [{"name": "r", "hostPath": {"path": "/run"}}],
	})
	violations == expected
}

test_success_docker_group_alone if {
	violations := root_or_docker_group.violation with input as _pod({
		"securityContext": {"supplementalGroups": [998], "fsGroup": 1000},
		"containers": [{"name": "build", "securityContext": {"runAsGroup": 999}}],
	})
	violations == set()
}

test_success_high_group_with_socket if {
	violations := root_or_docker_group.violation with input as _pod({
		"securityContext": {"fsGroup": 1000, "supplementalGroups": "x"},
		"containers": [{"name": "build"}],
		"volumes": [{"name": "s", "hostPath": {"path": "/var/run/docker.sock"}}],
	})
	violations == set()
}

test_success_nulls if {
	violations := root_or_docker_group.violation with input as _pod({"containers": null, "initContainers": [null, "x"], "volumes": null, "securityContext": null})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
