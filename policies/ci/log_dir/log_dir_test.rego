package podgate.ci.log_dir_test

import rego.v1

import data.podgate.ci.log_dir

test_fail_writable if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "high"},
			"msg": concat(" ", [
				"volume \"node\" mounts /var/log from the node, the logs of every pod:",
				"whoever writes there has the kubelet follow links as root",
			]),
		},
	}
	violations := log_dir.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]}],
		"volumes": [{"name": "node", "hostPath": {"path": "/var/log"}}],
	})
	violations == expected
}

test_fail_inside if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "high"},
			"msg": concat(" ", [
				"volume \"node\" mounts /var/log/pods from the node, the logs of every pod:",
				"whoever writes there has the kubelet follow links as root",
			]),
		},
	}
	violations := log_dir.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]}],
		"volumes": [{"name": "node", "hostPath": {"path": "/var/log/pods"}}],
	})
	violations == expected
}

test_fail_read_only_is_medium if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "medium"},
			"msg": concat(" ", [
				"volume \"node\" mounts /var/log from the node, the logs of every pod:",
				"secrets that any pod logged can be read",
			]),
		},
	}
	violations := log_dir.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"volumeMounts": [{"name": "node", "mountPath": "/host", "readOnly": true}],
			},
		],
		"volumes": [{"name": "node", "hostPath": {"path": "/var/log"}}],
	})
	violations == expected
}

test_fail_not_mounted_yet if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "high"},
			"msg": concat(" ", [
				"volume \"node\" mounts /var/log from the node, the logs of every pod:",
				"whoever writes there has the kubelet follow links as root",
			]),
		},
	}
	violations := log_dir.violation with input as _pod({
		"containers": [{"name": "build"}],
		"volumes": [{"name": "node", "hostPath": {"path": "/var/log"}}],
	})
	violations == expected
}

test_fail_written_by_another_container if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "high"},
			"msg": concat(" ", [
				"volume \"n\" mounts /var/log/ (/var/log) from the node, the logs of every",
				"pod: whoever writes there has the kubelet follow links as root",
			]),
		},
	}
	violations := log_dir.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"volumeMounts": [{"name": "n", "mountPath": "/l", "readOnly": true}],
			},
			{"name": "second", "volumeMounts": [{"name": "n", "mountPath": "/l"}]},
		],
		"volumes": [{"name": "n", "hostPath": {"path": "/var/log/"}}],
	})
	violations == expected
}

test_fail_sub_path_read_only if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/volumeMounts/0/subPath",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\", through subPath \"../var/log/pods\" of volume \"node\",",
				"mounts /var/log/pods from the node, the logs of every pod: secrets that",
				"any pod logged can be read",
			]),
		},
	}
	violations := log_dir.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"volumeMounts": [
					{
						"name": "node",
						"mountPath": "/host",
						"subPath": "../var/log/pods",
						"readOnly": true,
					},
				],
			},
		],
		"volumes": [{"name": "node", "hostPath": {"path": "/data"}}],
	})
	violations == expected
}

test_fail_harmless_sub_path_is_medium if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "medium"},
			"msg": concat(" ", [
				"volume \"node\" mounts /var/log from the node, the logs of every pod:",
				"secrets that any pod logged can be read; so far only harmless parts of it",
				"are mounted",
			]),
		},
	}
	violations := log_dir.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"volumeMounts": [{"name": "node", "mountPath": "/host", "subPath": "../cache"}],
			},
		],
		"volumes": [{"name": "node", "hostPath": {"path": "/var/log"}}],
	})
	violations == expected
}

test_success_longer_name if {
	violations := log_dir.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]}],
		"volumes": [{"name": "node", "hostPath": {"path": "/var/logs"}}],
	})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
