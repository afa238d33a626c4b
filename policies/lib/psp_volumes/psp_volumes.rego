# What a PodSecurityPolicy refuses in the volumes of a pod.
package lib.podgate.psp_volumes

import future.keywords.not
import rego.v1

# Volumes of a type that is not allowed. A type that PodSecurityPolicy does not know was never allowed, not by `*`
# either.
types := [source |
	some source in _sources
	not _allowed(source)
]

# Host paths below no allowed prefix. `..` leads out of a prefix and is below none.
host_paths := [source |
	count(data.lib.podgate.psp.fields.allowedHostPaths) > 0
	some source in _allowed_sources
	source.type == "hostPath"
	count(_prefixes(source)) == 0
]

# Mounts that may be written, of a host path that may only be read.
writable_mounts := [found |
	count(data.lib.podgate.psp.fields.allowedHostPaths) > 0
	some source in _allowed_sources
	source.type == "hostPath"
	prefixes := _prefixes(source)
	count(prefixes) > 0
	count([prefix | some prefix in prefixes; object.get(prefix, "readOnly", false) != true]) == 0
	some container in data.lib.podgate.pod.containers
	is_array(container.spec.volumeMounts)
	some i, mount in container.spec.volumeMounts
	mount.name == source.name
	object.get(mount, "readOnly", false) != true
	found := {"container": container, "index": i, "volume": source.name, "path": _path(source)}
]

flex_volumes := [found |
	count(data.lib.podgate.psp.fields.allowedFlexVolumes) > 0
	some source in _allowed_sources
	source.type == "flexVolume"
	driver := _driver(source.body)
	not driver in [entry.driver | some entry in data.lib.podgate.psp.fields.allowedFlexVolumes]
	found := {"index": source.index, "name": source.name, "driver": driver}
]

csi_drivers := [found |
	count(data.lib.podgate.psp.fields.allowedCSIDrivers) > 0
	some source in _allowed_sources
	source.type == "csi"
	driver := _driver(source.body)
	not driver in [entry.name | some entry in data.lib.podgate.psp.fields.allowedCSIDrivers]
	found := {"index": source.index, "name": source.name, "driver": driver}
]

_allowed_sources := [source |
	some source in _sources
	_allowed(source)
]

# The API server takes no volume with two sources; here each of them is judged.
_sources := [source |
	is_array(data.lib.podgate.pod.spec.volumes)
	some i, volume in data.lib.podgate.pod.spec.volumes
	is_object(volume)
	some field, body in _described(volume)
	field != "name"
	source := {
		"index": i,
		"name": object.get(volume, "name", ""),
		"field": field,
		"type": object.get({"cephfs": "cephFS"}, field, field),
		"body": body,
	}
]

# A volume without a source is an emptyDir.
_described(volume) := volume if {
	count(object.keys(volume)) > 1
} else := {"emptyDir": {}}

_allowed(source) if {
	source.type in _known
	"*" in data.lib.podgate.psp.fields.volumes
} else if {
	source.type in _known
	source.type in data.lib.podgate.psp.fields.volumes
} else if {
	source.type == "projected"
	"secret" in data.lib.podgate.psp.fields.volumes
	is_object(source.body)
	count([part | some part in object.get(source.body, "sources", []); not _account(part)]) == 0
}

# A part of the volume that every pod gets with its service account: where secrets are allowed, so is that volume.
_account(part) if {
	count(object.keys(part)) > 0
	count(object.keys(part) - {"configMap", "downwardAPI", "serviceAccountToken"}) == 0
	token := object.get(part, "serviceAccountToken", {"path": "token"})
	object.get(token, "path", "") == "token"
	object.get(token, "audience", "") == ""
	object.get(object.get(part, "configMap", {"name": "kube-root-ca.crt"}), "name", "") == "kube-root-ca.crt"
	items := object.get(object.get(part, "downwardAPI", {}), "items", [])
	count([item | some item in items; not _namespace(item)]) == 0
}

_namespace(item) if {
	item.path == "namespace"
	item.fieldRef.fieldPath == "metadata.namespace"
	object.get(item.fieldRef, "apiVersion", "v1") == "v1"
}

_prefixes(source) := [entry |
	path := _path(source)
	not ".." in split(path, "/")
	some entry in data.lib.podgate.psp.fields.allowedHostPaths
	startswith(_closed(path), _closed(entry.pathPrefix))
]

_path(source) := source.body.path if {
	is_string(source.body.path)
} else := ""

# With one slash at the end, so that only whole names match.
_closed(path) := concat("", [trim_suffix(path, "/"), "/"])

_driver(body) := body.driver if {
	is_string(body.driver)
} else := ""

_known := {
	"awsElasticBlockStore",
	"azureDisk",
	"azureFile",
	"cephFS",
	"cinder",
	"configMap",
	"csi",
	"downwardAPI",
	"emptyDir",
	"ephemeral",
	"fc",
	"flexVolume",
	"flocker",
	"gcePersistentDisk",
	"gitRepo",
	"glusterfs",
	"hostPath",
	"iscsi",
	"nfs",
	"persistentVolumeClaim",
	"photonPersistentDisk",
	"portworxVolume",
	"projected",
	"quobyte",
	"rbd",
	"scaleIO",
	"secret",
	"storageos",
	"vsphereVolume",
}
