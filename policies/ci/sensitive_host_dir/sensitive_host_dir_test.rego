package podgate.ci.sensitive_host_dir_test

import rego.v1

import data.podgate.ci.sensitive_host_dir

test_fail_kubelet if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": "volume \"node\" mounts /var/lib/kubelet/pods from the node: the kubelet's credentials and every pod's volumes",
		},
	}
	violations := sensitive_host_dir.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/var/lib/kubelet/pods"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_docker_data if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "high"},
			"msg": "volume \"node\" mounts /var/lib/docker from the node: Docker's data, the files of every container",
		},
	}
	violations := sensitive_host_dir.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/var/lib/docker"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_whole_but_not_inside if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": "volume \"node\" mounts /var/lib from the node: the state of every service, the kubelet's among it",
		},
	}
	violations := sensitive_host_dir.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/var/lib"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_alias if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": "volume \"node\" mounts /lib/systemd (/usr/lib/systemd) from the node: the node's programs",
		},
	}
	violations := sensitive_host_dir.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/lib/systemd"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_home if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "high"},
			"msg": "volume \"node\" mounts /home/jenkins/.aws/credentials from the node: cloud credentials",
		},
	}
	violations := sensitive_host_dir.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [
						{"name": "node", "hostPath": {"path": "/home/jenkins/.aws/credentials"}},
					],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_ostree_home if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": "volume \"node\" mounts /var/roothome/.ssh (/root/.ssh) from the node: the home directory of root",
		},
	}
	violations := sensitive_host_dir.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/var/roothome/.ssh"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_proc_cwd if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": "volume \"node\" mounts /proc/1/cwd from the node: every process and the kernel's settings",
		},
	}
	violations := sensitive_host_dir.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/proc/1/cwd"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_windows if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": "volume \"node\" mounts C:\\ProgramData\\Kubelet\\pki (c:/programdata/kubelet/pki) from the node: the kubelet's files",
		},
	}
	violations := sensitive_host_dir.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [
						{"name": "node", "hostPath": {"path": "C:\\ProgramData\\Kubelet\\pki"}},
					],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_benign_read_only_is_low if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "low"},
			"msg": "volume \"node\" mounts /etc/localtime from the node: the node's time zone",
		},
	}
	violations := sensitive_host_dir.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/etc/localtime"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [
								{"name": "node", "mountPath": "/host", "readOnly": true},
							],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_benign_written if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": "volume \"node\" mounts /etc/localtime from the node: the node's settings",
		},
	}
	violations := sensitive_host_dir.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/etc/localtime"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_device_is_low if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "low"},
			"msg": "volume \"node\" mounts /dev/fuse from the node: the FUSE device",
		},
	}
	violations := sensitive_host_dir.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [
						{"name": "node", "hostPath": {"path": "/dev/fuse", "type": "CharDevice"}},
					],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_harmless_sub_path_is_medium if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "medium"},
			"msg": "volume \"node\" mounts /etc from the node: the node's settings; so far only harmless parts of it are mounted",
		},
	}
	violations := sensitive_host_dir.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/etc"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [
								{
									"name": "node",
									"mountPath": "/host",
									"subPath": "localtime",
									"readOnly": true,
								},
							],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_sub_path_leaves_its_volume if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/volumeMounts/0/subPath",
				"severity": "critical",
			},
			"msg": "container \"build\", through subPath \"../etc/shadow\" of volume \"node\", mounts /etc/shadow from the node: the node's settings",
		},
	}
	violations := sensitive_host_dir.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/data"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [
								{
									"name": "node",
									"mountPath": "/host",
									"subPath": "../etc/shadow",
									"readOnly": true,
								},
							],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_b40_kata if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": "volume \"node\" mounts /etc/kubernetes from the node: Kubernetes credentials and static pods",
		},
	}
	violations := sensitive_host_dir.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/etc/kubernetes"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
					"runtimeClassName": "kata",
				},
			},
		},
	}
	violations == expected
}

test_success_f02_longer_names if {
	violations := sensitive_host_dir.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/etcd-snapshots"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
				},
			},
		},
	}
	violations == set()
}

test_success_inside_var_lib if {
	violations := sensitive_host_dir.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/var/lib/app"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
				},
			},
		},
	}
	violations == set()
}

test_success_parent_is_another_finding if {
	violations := sensitive_host_dir.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/run"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
				},
			},
		},
	}
	violations == set()
}

test_success_temporary_written if {
	violations := sensitive_host_dir.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/tmp/build"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
				},
			},
		},
	}
	violations == set()
}
