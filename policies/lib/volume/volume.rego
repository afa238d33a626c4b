# Where a pod reaches the node's files through hostPath volumes.
package lib.podgate.volume

import data.lib.podgate.node
import data.lib.podgate.path
import data.lib.podgate.pod

import future.keywords.not
import rego.v1

# Every hostPath volume, and every part of one that a container mounts by subPath. `class` says which one finding
# a place gives; a part that is no worse than its volume is "covered" by the volume's.
host_paths := array.concat(
	[entry |
		some volume in _volumes
		entry := _whole(volume, _settled(volume))
	],
	[entry |
		some mount in host_mounts
		mount.sub != ""
		entry := _part(mount)
	],
)

# Every mount of a hostPath volume.
host_mounts := [mount |
	some volume in _volumes
	some container in data.lib.podgate.pod.containers
	is_array(container.spec.volumeMounts)
	some i, body in container.spec.volumeMounts
	body.name == volume.name
	mount := _mount(volume, container, i, body)
]

# Raw devices that a container gets from a claim.
devices := [device |
	some container in data.lib.podgate.pod.containers
	is_array(container.spec.volumeDevices)
	some i, body in container.spec.volumeDevices
	is_object(body)
	device := {"container": container, "index": i, "volume": object.get(body, "name", "")}
]

# Every mount that shares later mounts with the node, in one direction or in both.
propagated := [mount |
	some container in data.lib.podgate.pod.containers
	is_array(container.spec.volumeMounts)
	some i, body in container.spec.volumeMounts
	mode = body.mountPropagation
	not mode in {"None", null}
	mount := {"container": container, "index": i, "name": object.get(body, "name", ""), "mode": mode}
]

_volumes := [volume |
	some listed in data.lib.podgate.pod.volumes
	body := listed.body
	is_object(body.hostPath)
	raw := object.get(body.hostPath, "path", "")
	place := path.read(raw)
	volume := {
		"index": listed.index,
		"name": object.get(body, "name", ""),
		"field": {true: "/path", false: ""}[raw != ""],
		"raw": raw,
		"place": place,
		"verdict": node.judge(place, object.get(body.hostPath, "type", "")),
	}
]

_mount(volume, container, i, body) := mount if {
	object.get(body, "subPath", "") in {"", null}
	object.get(body, "subPathExpr", "") in {"", null}
	read_only := object.get(body, "readOnly", false) == true
	mount := {
		"volume": volume,
		"container": container,
		"index": i,
		"sub": "",
		"place": volume.place,
		"read_only": read_only,
		"verdict": volume.verdict,
	}
} else := mount if {
	field := _sub_field(body)
	sub := _sub(body)
	place := path.read(sprintf("%v/%v", [trim_right(sprintf("%v", [volume.raw]), "/"), sub]))
	read_only := object.get(body, "readOnly", false) == true
	mount := {
		"volume": volume,
		"container": container,
		"index": i,
		"field": field,
		"sub": sub,
		"place": place,
		"read_only": read_only,
		"verdict": _verdict(place, read_only),
	}
}

# An empty subPath is none, and leaves room for a subPathExpr.
_sub_field(body) := "subPath" if {
	is_string(body.subPath)
	body.subPath != ""
} else := "subPathExpr"

_sub(body) := body.subPath if {
	is_string(body.subPath)
	body.subPath != ""
} else := body.subPathExpr if {
	is_string(body.subPathExpr)
} else := ""

_verdict(place, read_only) := _mounted(place, node.judge(place, ""), read_only)

# What harm a place does hangs on whether it can be written.
_mounted(place, verdict, read_only) := node.written(place) if {
	verdict.class == "benign"
	not read_only
} else := object.union(verdict, {"severity": "medium"}) if {
	verdict.class == "log"
	read_only
} else := verdict

# The verdict on a volume once it is known how it is mounted.
_settled(volume) := node.written(volume.place) if {
	volume.verdict.class == "benign"
	count([mount | some mount in host_mounts; mount.volume.index == volume.index; not mount.read_only]) > 0
} else := object.union(volume.verdict, {"severity": "medium"}) if {
	volume.verdict.class == "log"
	mounts := [mount | some mount in host_mounts; mount.volume.index == volume.index]
	count(mounts) > 0
	count([mount | some mount in mounts; not mount.read_only]) == 0
} else := object.union(volume.verdict, _half) if {
	volume.verdict.class in {"device", "kubelet", "log", "parent", "runtime-data", "sensitive"}
	volume.verdict.severity != "low"
	mounts := [mount | some mount in host_mounts; mount.volume.index == volume.index]
	count(mounts) > 0
	count([mount | some mount in mounts; not _harmless(mount)]) == 0
} else := volume.verdict

_half := {"severity": "medium", "note": "; so far only harmless parts of it are mounted"}

_harmless(mount) if {
	mount.sub != ""
	mount.verdict.class in {"benign", "other"}
} else if {
	mount.sub != ""
	mount.verdict.class == "device"
	mount.verdict.severity == "low"
}

_whole(volume, verdict) := {
	"volume": volume.index,
	"class": verdict.class,
	"what": verdict.what,
	"note": object.get(verdict, "note", ""),
	"subject": sprintf(`volume "%v"`, [volume.name]),
	"shown": shown(volume.raw, volume.place),
	"raw": volume.raw,
	"place": volume.place,
	"tidy": volume.place.tidy,
	"details": {
		"path": sprintf("/spec/volumes/%v/hostPath%v", [volume.index, volume.field]),
		"severity": verdict.severity,
	},
}

_part(mount) := entry if {
	alone := path.read(sprintf("/%v", [mount.sub]))
	at := pod.pointer(mount.container, sprintf("volumeMounts/%v/%v", [mount.index, mount.field]))
	subject := sprintf(
		`%v, through %v "%v" of volume "%v",`,
		[pod.called(mount.container), mount.field, mount.sub, mount.volume.name],
	)
	entry := {
		"class": _part_class(mount),
		"what": mount.verdict.what,
		"note": "",
		"subject": subject,
		"shown": mount.place.canonical,
		"raw": mount.sub,
		"tidy": alone.tidy,
		"place": mount.place,
		"details": {"path": at, "container": mount.container.name, "severity": mount.verdict.severity},
	}
}

_part_class(mount) := mount.verdict.class if {
	_rank[mount.verdict.class] > object.get(_rank, mount.volume.verdict.class, 0)
} else := mount.verdict.class if {
	mount.verdict.severity == "critical"
	mount.volume.verdict.severity != "critical"
} else := "covered"

_rank := {
	"socket": 4,
	"parent": 3,
	"unknown-socket": 2,
	"device": 1,
	"kubelet": 1,
	"log": 1,
	"runtime-data": 1,
	"sensitive": 1,
}

# A path as written and, where that differs, the name under which the lists know the place.
shown(raw, place) := "a path that is missing" if {
	raw == ""
} else := raw if {
	raw == place.canonical
} else := sprintf("%v (%v)", [raw, place.canonical])
