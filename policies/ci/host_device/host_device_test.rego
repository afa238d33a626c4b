package podgate.ci.host_device_test

import rego.v1

import data.podgate.ci.host_device

test_fail_device if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "high"},
			"msg": "volume \"node\" mounts /dev/sda from the node: a device",
		},
	}
	violations := host_device.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]}],
		"volumes": [{"name": "node", "hostPath": {"path": "/dev/sda"}}],
	})
	violations == expected
}

test_fail_every_device if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": "volume \"node\" mounts /dev/ (/dev) from the node: every device",
		},
	}
	violations := host_device.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]}],
		"volumes": [{"name": "node", "hostPath": {"path": "/dev/"}}],
	})
	violations == expected
}

test_fail_fuse_is_low if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "low"},
			"msg": "volume \"node\" mounts /dev/fuse from the node: the FUSE device",
		},
	}
	violations := host_device.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]}],
		"volumes": [{"name": "node", "hostPath": {"path": "/dev/fuse", "type": "CharDevice"}}],
	})
	violations == expected
}

test_fail_graphics_card_is_low if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "low"},
			"msg": "volume \"node\" mounts /dev/dri/renderD128 from the node: the graphics cards",
		},
	}
	violations := host_device.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]}],
		"volumes": [{"name": "node", "hostPath": {"path": "/dev/dri/renderD128"}}],
	})
	violations == expected
}

test_fail_by_type if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "high"},
			"msg": "volume \"node\" mounts /data/disk from the node: a device",
		},
	}
	violations := host_device.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]}],
		"volumes": [{"name": "node", "hostPath": {"path": "/data/disk", "type": "BlockDevice"}}],
	})
	violations == expected
}

test_fail_unresolved_by_type if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "high"},
			"msg": "volume \"node\" mounts $(DISK) from the node: a device",
		},
	}
	violations := host_device.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]}],
		"volumes": [{"name": "node", "hostPath": {"path": "$(DISK)", "type": "BlockDevice"}}],
	})
	violations == expected
}

test_fail_harmless_sub_path_is_medium if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "medium"},
			"msg": concat(" ", [
				"volume \"node\" mounts /dev from the node: every device; so far only",
				"harmless parts of it are mounted",
			]),
		},
	}
	violations := host_device.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"volumeMounts": [{"name": "node", "mountPath": "/host", "subPath": "fuse"}],
			},
		],
		"volumes": [{"name": "node", "hostPath": {"path": "/dev"}}],
	})
	violations == expected
}

test_fail_sub_path_leaves_its_volume if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/volumeMounts/0/subPath",
				"severity": "high",
			},
			"msg": concat(" ", [
				"container \"build\", through subPath \"../dev/sda\" of volume \"node\", mounts",
				"/dev/sda from the node: a device",
			]),
		},
	}
	violations := host_device.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"volumeMounts": [{"name": "node", "mountPath": "/host", "subPath": "../dev/sda"}],
			},
		],
		"volumes": [{"name": "node", "hostPath": {"path": "/data"}}],
	})
	violations == expected
}

test_fail_raw_block_volume if {
	expected := {
		{
			"details": {"container": "app", "path": "/spec/containers/0/volumeDevices/0", "severity": "medium"},
			"msg": "container \"app\" gets volume \"disk\" as a raw device, below every file system",
		},
		{
			"details": {"container": "prepare", "path": "/spec/initContainers/0/volumeDevices/0", "severity": "medium"},
			"msg": concat(" ", [
				"init container \"prepare\" gets volume \"disk\" as a raw device, below every",
				"file system",
			]),
		},
	}
	violations := host_device.violation with input as _pod({
		"containers": [{"name": "app", "volumeDevices": [{"name": "disk", "devicePath": "/dev/xvda"}]}],
		"initContainers": [
			{
				"name": "prepare",
				"volumeDevices": [{"name": "disk", "devicePath": "/dev/xvda"}, null],
			},
		],
		"volumes": [{"name": "disk", "persistentVolumeClaim": {"claimName": "disk"}}],
	})
	violations == expected
}

test_fail_b27_annotations if {
	expected := {
		{
			"details": {
				"path": "/metadata/annotations/io.kubernetes.cri-o.Devices",
				"severity": "high",
			},
			"msg": concat(" ", [
				"the annotation io.kubernetes.cri-o.Devices",
				"(/dev/fuse,/dev/sda:/dev/xvda:rwm) asks CRI-O for devices of the node",
			]),
		},
		{
			"details": {
				"path": "/metadata/annotations/io.kubernetes.cri-o.TrySkipVolumeSELinuxLabel",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"the annotation io.kubernetes.cri-o.TrySkipVolumeSELinuxLabel (true) asks",
				"CRI-O to leave the SELinux labels of volumes as they are",
			]),
		},
	}
	violations := host_device.violation with input as _object({
		"spec": {
			"containers": [
				{
					"name": "build",
					"securityContext": {
						"allowPrivilegeEscalation": false,
						"capabilities": {"drop": ["ALL"]},
						"seccompProfile": {"type": "RuntimeDefault"},
					},
				},
			],
		},
		"metadata": {
			"annotations": {
				"io.kubernetes.cri-o.Devices": "/dev/fuse,/dev/sda:/dev/xvda:rwm",
				"io.kubernetes.cri-o.TrySkipVolumeSELinuxLabel": "true",
			},
		},
	})
	violations == expected
}

test_fail_b27_new_annotations if {
	expected := {
		{
			"details": {"path": "/metadata/annotations/devices.crio.io", "severity": "high"},
			"msg": "the annotation devices.crio.io (/dev/sda) asks CRI-O for devices of the node",
		},
		{
			"details": {
				"path": "/metadata/annotations/try-skip-volume-selinux-label.crio.io",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"the annotation try-skip-volume-selinux-label.crio.io (true) asks CRI-O to",
				"leave the SELinux labels of volumes as they are",
			]),
		},
	}
	violations := host_device.violation with input as _object({
		"spec": {
			"containers": [
				{
					"name": "build",
					"securityContext": {
						"allowPrivilegeEscalation": false,
						"capabilities": {"drop": ["ALL"]},
						"seccompProfile": {"type": "RuntimeDefault"},
					},
				},
			],
		},
		"metadata": {
			"annotations": {"devices.crio.io": "/dev/sda", "try-skip-volume-selinux-label.crio.io": "true"},
		},
	})
	violations == expected
}

test_fail_b27_fuse_by_annotation_is_low if {
	expected := {
		{
			"details": {"path": "/metadata/annotations/io.kubernetes.cri-o.Devices", "severity": "low"},
			"msg": concat(" ", [
				"the annotation io.kubernetes.cri-o.Devices (/dev/fuse) asks CRI-O for",
				"devices of the node",
			]),
		},
	}
	violations := host_device.violation with input as _object({
		"spec": {
			"containers": [
				{
					"name": "build",
					"securityContext": {
						"allowPrivilegeEscalation": false,
						"capabilities": {"drop": ["ALL"]},
						"seccompProfile": {"type": "RuntimeDefault"},
					},
				},
			],
		},
		"metadata": {"annotations": {"io.kubernetes.cri-o.Devices": "/dev/fuse"}},
	})
	violations == expected
}

test_success_other_annotations if {
	violations := host_device.violation with input as _object({
		"spec": {
			"containers": [
				{
					"name": "build",
					"securityContext": {
						"allowPrivilegeEscalation": false,
						"capabilities": {"drop": ["ALL"]},
						"seccompProfile": {"type": "RuntimeDefault"},
					},
				},
			],
		},
		"metadata": {
			"annotations": {
				"io.kubernetes.cri-o.TrySkipVolumeSELinuxLabel": "false",
				"io.kubernetes.cri-o.userns-mode": "auto",
			},
		},
	})
	violations == set()
}

test_success_f02_longer_name if {
	violations := host_device.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]}],
		"volumes": [{"name": "node", "hostPath": {"path": "/development"}}],
	})
	violations == set()
}

test_success_shared_memory if {
	violations := host_device.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"volumeMounts": [{"name": "node", "mountPath": "/host", "readOnly": true}],
			},
		],
		"volumes": [{"name": "node", "hostPath": {"path": "/dev/shm"}}],
	})
	violations == set()
}

test_success_nulls if {
	violations := host_device.violation with input as _object({
		"spec": {"containers": [{"name": "build", "volumeDevices": null}]},
		"metadata": {"annotations": null},
	})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}

_object(pod) := {"review": {"object": pod, "namespace": "ci"}}
