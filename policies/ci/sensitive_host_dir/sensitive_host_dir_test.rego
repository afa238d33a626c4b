package podgate.ci.sensitive_host_dir_test

import rego.v1

import data.podgate.ci.sensitive_host_dir

test_fail_etcd if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts /var/lib/etcd/member from the node: the cluster's database",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	violations := sensitive_host_dir.violation with input as _host_path({"path": "/var/lib/etcd/member"}, {})
	violations == expected
}

test_fail_distribution_data if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts /var/lib/rancher from the node: the data of k3s or RKE2, credentials",
				"among it",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "high"},
		},
	}
	violations := sensitive_host_dir.violation with input as _host_path({"path": "/var/lib/rancher"}, {})
	violations == expected
}

test_fail_whole_but_not_inside if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts /var/lib from the node: the state of every service, the",
				"kubelet's among it",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	violations := sensitive_host_dir.violation with input as _host_path({"path": "/var/lib"}, {})
	violations == expected
}

test_fail_alias if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts /lib/systemd (/usr/lib/systemd) from the node: the node's",
				"programs",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	violations := sensitive_host_dir.violation with input as _host_path({"path": "/lib/systemd"}, {})
	violations == expected
}

test_fail_home if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts /home/jenkins/.aws/credentials from the node: cloud credentials",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "high"},
		},
	}
	violations := sensitive_host_dir.violation with input as _host_path({"path": "/home/jenkins/.aws/credentials"}, {})
	violations == expected
}

test_fail_ostree_home if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts /var/roothome/.ssh (/root/.ssh) from the node: the home",
				"directory of root",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	violations := sensitive_host_dir.violation with input as _host_path({"path": "/var/roothome/.ssh"}, {})
	violations == expected
}

test_fail_proc_cwd if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts /proc/1/cwd from the node: every process and the kernel's",
				"settings",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	violations := sensitive_host_dir.violation with input as _host_path({"path": "/proc/1/cwd"}, {})
	violations == expected
}

test_fail_windows if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts C:\\Windows\\System32 (c:/windows/system32) from the node: the",
				"operating system",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	violations := sensitive_host_dir.violation with input as _host_path({"path": "C:\\Windows\\System32"}, {})
	violations == expected
}

test_fail_benign_read_only_is_low if {
	expected := {
		{
			"msg": "volume \"node\" mounts /etc/localtime from the node: the node's time zone",
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "low"},
		},
	}
	violations := sensitive_host_dir.violation with input as _host_path({"path": "/etc/localtime"}, {"readOnly": true})
	violations == expected
}

test_fail_part_of_a_volume_written if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\", through subPath \"../etc/localtime\" of volume \"node\", mounts",
				"/etc/localtime from the node: the node's settings",
			]),
			"details": {
				"container": "build",
				"path": "/spec/containers/0/volumeMounts/0/subPath",
				"severity": "critical",
			},
		},
	}
	violations := sensitive_host_dir.violation with input as _host_path(
		{"path": "/data"},
		{"subPath": "../etc/localtime"},
	)
	violations == expected
}

test_fail_benign_written if {
	expected := {
		{
			"msg": "volume \"node\" mounts /etc/localtime from the node: the node's settings",
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	violations := sensitive_host_dir.violation with input as _host_path({"path": "/etc/localtime"}, {})
	violations == expected
}

test_fail_harmless_sub_path_is_medium if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts /etc from the node: the node's settings; so far only harmless",
				"parts of it are mounted",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "medium"},
		},
	}
	violations := sensitive_host_dir.violation with input as _host_path(
		{"path": "/etc"},
		{"subPath": "localtime", "readOnly": true},
	)
	violations == expected
}

test_fail_sub_path_leaves_its_volume if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\", through subPath \"../etc/shadow\" of volume \"node\", mounts",
				"/etc/shadow from the node: the node's settings",
			]),
			"details": {
				"container": "build",
				"path": "/spec/containers/0/volumeMounts/0/subPath",
				"severity": "critical",
			},
		},
	}
	violations := sensitive_host_dir.violation with input as _host_path(
		{"path": "/data"},
		{"subPath": "../etc/shadow", "readOnly": true},
	)
	violations == expected
}

test_fail_sub_path_is_worse_than_its_volume if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\", through subPath \"cni/bin\" of volume \"node\", mounts /opt/cni/bin",
				"from the node: network plugins, which run as root",
			]),
			"details": {
				"container": "build",
				"path": "/spec/containers/0/volumeMounts/0/subPath",
				"severity": "critical",
			},
		},
		{
			"msg": concat(" ", [
				"volume \"node\" mounts /opt from the node: installed software, network plugins among it",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "high"},
		},
	}
	violations := sensitive_host_dir.violation with input as _host_path(
		{"path": "/opt"},
		{"subPath": "cni/bin", "readOnly": true},
	)
	violations == expected
}

test_fail_b40_kata if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts /etc/ssh from the node: the node's settings",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
		},
	}
	violations := sensitive_host_dir.violation with input as _pod({
		"volumes": [{"name": "node", "hostPath": {"path": "/etc/ssh"}}],
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]}],
		"runtimeClassName": "kata",
	})
	violations == expected
}

test_success_f02_longer_names if {
	violations := sensitive_host_dir.violation with input as _host_path({"path": "/etcd-snapshots"}, {})
	violations == set()
}

test_success_inside_var_lib if {
	violations := sensitive_host_dir.violation with input as _host_path({"path": "/var/lib/app"}, {})
	violations == set()
}

test_success_parent_is_another_finding if {
	violations := sensitive_host_dir.violation with input as _host_path({"path": "/run"}, {})
	violations == set()
}

test_success_other_policies_are_closer if {
	every place in ["/dev", "/dev/fuse", "/dev/sda", "/etc/kubernetes", "/var/lib/docker", "/var/log"] {
		violations := sensitive_host_dir.violation with input as _host_path({"path": place}, {})
		violations == set()
	}
}

test_success_temporary_written if {
	violations := sensitive_host_dir.violation with input as _host_path({"path": "/tmp/build"}, {})
	violations == set()
}

_host_path(source, mount) := _pod({
	"containers": [{
		"name": "build",
		"volumeMounts": [object.union({"name": "node", "mountPath": "/host"}, mount)],
	}],
	"volumes": [{"name": "node", "hostPath": source}],
})

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
