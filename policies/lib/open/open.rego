# Fields that a check for something dangerous looks at, and that something fills in before Kubernetes sees them.
package lib.podgate.open

import data.lib.podgate.image
import data.lib.podgate.pod

import future.keywords.not
import rego.v1

# Every such field, with its message and details. Paths of hostPath volumes are told with the volume.
fields := array.concat(array.concat(_noted, _parts), array.concat(_types, array.concat(_masks, _images)))

# Where text stands for a boolean, a number, a list or an object.
_noted := [field |
	some note in data.lib.podgate.notes.open_fields
	note.field in _watched
	field := {
		"text": sprintf(`field "%v" is filled in later and was judged as if it were not there`, [note.field]),
		"details": {"pointer": note.pointer, "severity": "medium"},
	}
]

# Parts of a hostPath volume. Kubernetes fills in subPathExpr, from what is not known here.
_parts := [field |
	some mount in data.lib.podgate.volume.host_mounts
	mount.sub != ""
	not mount.place.resolved
	mount.volume.place.resolved
	field := {
		"text": sprintf(`%v mounts the part %v of volume "%v", which may become any place below %v on the node`, [
			pod.called(mount.container),
			mount.sub,
			mount.volume.name,
			mount.volume.raw,
		]),
		"details": {
			"path": pod.pointer(mount.container, sprintf("volumeMounts/%v/%v", [mount.index, mount.field])),
			"container": mount.container.name,
			"severity": "medium",
		},
	}
]

_types := [field |
	count(data.lib.podgate.volume.host_paths) > 0
	some volume in data.lib.podgate.pod.volumes
	type = volume.body.hostPath.type
	_is_open(type)
	field := {
		"text": sprintf(`the type of volume "%v", %v, is filled in later and may become Socket`, [
			object.get(volume.body, "name", ""),
			type,
		]),
		"details": {"path": sprintf("/spec/volumes/%v/hostPath/type", [volume.index]), "severity": "medium"},
	}
]

_masks := [field |
	some container in data.lib.podgate.pod.containers
	mount = container.spec.securityContext.procMount
	_is_open(mount)
	field := {
		"text": sprintf("%v has the procMount %v, which is filled in later and may become Unmasked", [
			pod.called(container),
			mount,
		]),
		"details": {
			"path": pod.pointer(container, "securityContext/procMount"),
			"container": container.name,
			"severity": "medium",
		},
	}
]

# Alone an image gives nothing away: what a daemon needs stands in other fields.
_images := [field |
	some container in data.lib.podgate.pod.containers
	reference = container.spec.image
	is_string(reference)
	indexof(reference, "$") + indexof(reference, "{{") > -2
	parsed := image.parse(reference)
	_may_be_daemon(parsed)
	field := {
		"text": sprintf("%v has the image %v, which is filled in later and may become a container daemon", [
			pod.called(container),
			reference,
		]),
		"details": {
			"path": pod.pointer(container, "image"),
			"container": container.name,
			"severity": "low",
		},
	}
]

_is_open(text) if {
	is_string(text)
	contains(text, "$")
} else if {
	is_string(text)
	contains(text, "{{")
}

_may_be_daemon(parsed) if {
	parsed.name == "docker"
} else if {
	_is_open(parsed.repository)
}

_watched := {
	"add",
	"allowPrivilegeEscalation",
	"capabilities",
	"containers",
	"env",
	"ephemeralContainers",
	"hostIPC",
	"hostNetwork",
	"hostPID",
	"hostPath",
	"hostPort",
	"hostProcess",
	"hostUsers",
	"initContainers",
	"ports",
	"privileged",
	"readOnly",
	"runAsNonRoot",
	"runAsUser",
	"securityContext",
	"shareProcessNamespace",
	"spec",
	"volumeDevices",
	"volumeMounts",
	"volumes",
	"windowsOptions",
}
