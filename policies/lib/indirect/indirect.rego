# Where a pod or a PersistentVolume reaches the node's files by another way than a hostPath volume of the pod.
package lib.podgate.indirect

import data.lib.podgate.node
import data.lib.podgate.path

import future.keywords.not
import rego.v1

# Every such way, with its message and details.
volumes := array.concat(_volumes, _persistent)

_volumes := [way |
	some volume in data.lib.podgate.pod.volumes
	some kind, source in volume.body
	kind in {"csi", "ephemeral", "flexVolume", "persistentVolumeClaim"}
	name := object.get(volume.body, "name", "")
	found = _way(kind, source, name)
	text := sprintf(`volume "%v" %v`, [name, found.text])
	at := sprintf("/spec/volumes/%v/%v", [volume.index, found.field])
	way := {"text": text, "details": {"path": at, "severity": found.severity}}
]

# What a PersistentVolume itself gives.
_persistent := [way |
	data.lib.podgate.pod.resource.kind == "PersistentVolume"
	found = _reached(data.lib.podgate.pod.spec)
	text := sprintf("the volume %v", [found.text])
	at := sprintf("/spec/%v", [found.field])
	way := {"text": text, "details": {"path": at, "severity": found.severity}}
]

_way(kind, source, name) := {"severity": "high", "field": "flexVolume/driver", "text": text} if {
	kind == "flexVolume"
	driver = source.driver
	text := sprintf("has the FlexVolume driver %v, which runs as root on the node, mount what it likes", [driver])
} else := {"severity": "high", "field": "csi/driver", "text": text} if {
	kind == "csi"
	_host_driver(source.driver)
	text := sprintf("is a directory of the node, by the CSI driver %v", [source.driver])
} else := {"severity": "low", "field": "csi/driver", "text": text} if {
	kind == "csi"
	driver = source.driver
	not driver in _ordinary_drivers
	text := sprintf("uses the CSI driver %v, of which it is not known what of the node it gives", [driver])
} else := {"severity": found.severity, "field": "ephemeral/volumeClaimTemplate", "text": text} if {
	kind == "ephemeral"

	# Kubernetes makes a claim of this name for the pod.
	claim := sprintf("%v-%v", [data.lib.podgate.pod.resource.metadata.name, name])
	found = _claimed(claim)
	text := sprintf(`claims "%v", %v`, [claim, found.text])
} else := {"severity": "low", "field": "ephemeral/volumeClaimTemplate/spec/storageClassName", "text": text} if {
	kind == "ephemeral"
	class = source.volumeClaimTemplate.spec.storageClassName
	_host_class(class)
	text := sprintf("is a directory of the node, by the storage class %v", [class])
} else := {"severity": found.severity, "field": "persistentVolumeClaim/claimName", "text": text} if {
	kind == "persistentVolumeClaim"
	claim = source.claimName
	found = _claimed(claim)
	text := sprintf(`claims "%v", %v`, [claim, found.text])
}

# What a claim leads to, as far as the inventory says; undefined where it says nothing or nothing bad.
_claimed(claim) := found if {
	is_object(data.inventory.cluster.v1.PersistentVolume)
	ways := [way |
		some name, volume in data.inventory.cluster.v1.PersistentVolume
		_bound(name, volume, claim)
		way = _reached(volume.spec)
	]
	worst := array.concat([way | some way in ways; way.severity == "critical"], ways)
	count(worst) > 0
	text := sprintf("a volume that %v", [worst[0].text])
	found := {"severity": worst[0].severity, "text": text}
} else := found if {
	class = data.inventory.namespace[data.lib.podgate.pod.namespace].v1.PersistentVolumeClaim[claim].spec.storageClassName
	_host_class(class)
	found := {"severity": "low", "text": sprintf("a directory of the node, by the storage class %v", [class])}
}

_bound(name, volume, claim) if {
	not _of_another(volume, claim)
	data.inventory.namespace[data.lib.podgate.pod.namespace].v1.PersistentVolumeClaim[claim].spec.volumeName == name
} else if {
	not _of_another(volume, claim)
	volume.spec.claimRef.name == claim
	object.get(volume.spec.claimRef, "namespace", "default") == data.lib.podgate.pod.namespace
}

# A volume that is released still names the claim that it was of, which another of that name is not.
_of_another(volume, claim) if {
	uid = data.inventory.namespace[data.lib.podgate.pod.namespace].v1.PersistentVolumeClaim[claim].metadata.uid
	uid != volume.spec.claimRef.uid
}

# What the spec of a PersistentVolume gives of the node.
_reached(spec) := _node_path("hostPath", spec.hostPath) if {
	is_object(spec.hostPath)
} else := _node_path("local", spec.local) if {
	is_object(spec.local)
} else := {"severity": "high", "field": "flexVolume/driver", "text": text} if {
	driver = spec.flexVolume.driver
	text := sprintf("has the FlexVolume driver %v, which runs as root on the node, mount what it likes", [driver])
} else := {"severity": "high", "field": "csi/driver", "text": text} if {
	_host_driver(spec.csi.driver)
	text := sprintf("is a directory of the node, by the CSI driver %v", [spec.csi.driver])
}

_node_path(field, source) := found if {
	raw := object.get(source, "path", "")
	verdict := node.judge(path.read(raw), object.get(source, "type", ""))
	found := {
		"severity": _severity(verdict),
		"field": sprintf("%v/path", [field]),
		"text": sprintf("is %v on the node, %v", [raw, verdict.what]),
	}
}

_severity(verdict) := "critical" if {
	verdict.class in {"socket", "parent"}
} else := "critical" if {
	verdict.severity == "critical"
} else := "high"

_host_driver(driver) if {
	is_string(driver)
	contains(lower(driver), "hostpath")
} else if {
	is_string(driver)
	contains(lower(driver), "host-path")
}

_host_class(class) if {
	is_string(class)
	strings.any_prefix_match(lower(class), ["hostpath", "host-path", "local-path"])
} else if {
	is_string(class)
	strings.any_suffix_match(lower(class), ["-hostpath", "-host-path"])
}

# Drivers of inline volumes that give nothing of the node.
_ordinary_drivers := {
	"blob.csi.azure.com",
	"csi.cert-manager.io",
	"csi.spiffe.io",
	"efs.csi.aws.com",
	"file.csi.azure.com",
	"gcsfuse.csi.storage.gke.io",
	"nfs.csi.k8s.io",
	"secrets-store.csi.k8s.io",
	"secrets-store-gke.csi.k8s.io",
	"smb.csi.k8s.io",
	"spiffe.csi.cert-manager.io",
}
