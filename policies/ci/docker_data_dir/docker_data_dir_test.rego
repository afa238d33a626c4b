package podgate.ci.docker_data_dir_test

import rego.v1

import data.podgate.ci.docker_data_dir

test_fail_docker if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "high"},
			"msg": concat(" ", [
				"volume \"node\" mounts /var/lib/docker from the node: Docker's data, the",
				"files of every container",
			]),
		},
	}
	violations := docker_data_dir.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]}],
		"volumes": [{"name": "node", "hostPath": {"path": "/var/lib/docker"}}],
	})
	violations == expected
}

test_fail_containerd_inside if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "high"},
			"msg": concat(" ", [
				"volume \"node\" mounts",
				"/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs from the node:",
				"containerd's data, the files of every container",
			]),
		},
	}
	violations := docker_data_dir.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"volumeMounts": [{"name": "node", "mountPath": "/host", "readOnly": true}],
			},
		],
		"volumes": [
			{
				"name": "node",
				"hostPath": {"path": "/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs"},
			},
		],
	})
	violations == expected
}

test_fail_containers if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "high"},
			"msg": concat(" ", [
				"volume \"node\" mounts /var/lib/containers/storage from the node: the files",
				"of every container",
			]),
		},
	}
	violations := docker_data_dir.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]}],
		"volumes": [{"name": "node", "hostPath": {"path": "/var/lib/containers/storage"}}],
	})
	violations == expected
}

test_fail_buildkit if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "high"},
			"msg": "volume \"node\" mounts /var/lib/buildkit from the node: BuildKit's data",
		},
	}
	violations := docker_data_dir.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]}],
		"volumes": [{"name": "node", "hostPath": {"path": "/var/lib/buildkit"}}],
	})
	violations == expected
}

test_fail_of_a_user if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "high"},
			"msg": concat(" ", [
				"volume \"node\" mounts /home/ci/.local/share/docker from the node: Docker's",
				"data of a user",
			]),
		},
	}
	violations := docker_data_dir.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]}],
		"volumes": [{"name": "node", "hostPath": {"path": "/home/ci/.local/share/docker"}}],
	})
	violations == expected
}

test_fail_k3s if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "high"},
			"msg": concat(" ", [
				"volume \"node\" mounts /var/lib/rancher/k3s/agent/containerd from the node:",
				"containerd's data, the files of every container",
			]),
		},
	}
	violations := docker_data_dir.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]}],
		"volumes": [{"name": "node", "hostPath": {"path": "/var/lib/rancher/k3s/agent/containerd"}}],
	})
	violations == expected
}

test_fail_windows if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": concat(" ", [
				"volume \"node\" mounts C:\\ProgramData\\docker (c:/programdata/docker) from",
				"the node: Docker's data",
			]),
		},
	}
	violations := docker_data_dir.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]}],
		"volumes": [{"name": "node", "hostPath": {"path": "C:\\ProgramData\\docker"}}],
	})
	violations == expected
}

test_success_f01_empty_dir if {
	violations := docker_data_dir.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "d", "mountPath": "/var/lib/docker"}]}],
		"volumes": [{"name": "d", "emptyDir": {}}],
	})
	violations == set()
}

test_success_longer_name if {
	violations := docker_data_dir.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]}],
		"volumes": [{"name": "node", "hostPath": {"path": "/var/lib/docker-registry"}}],
	})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
