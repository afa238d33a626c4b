# METADATA
# title: Device of the node
# description: >-
#   Finds devices of the node: hostPath volumes under /dev or declared as a device, block volumes given to a
#   container as they are, and CRI-O's annotations for devices. Devices made for everybody, such as /dev/fuse,
#   are low.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
#     description: Kubernetes, hostPath volumes
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, HostPath Volumes
#   - ref: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#raw-block-volume-support
#     description: Kubernetes, raw block volumes
# custom:
#   id: CI109
#   severity: high
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline reads and writes the node's disk below its file system, where no
#     permission of a file counts.
#   help: >-
#     Ask for the device through a device plugin, or build without one; take a volume with a file system
#     instead of a raw one.
package podgate.ci.host_device

import rego.v1

import data.lib.podgate.node
import data.lib.podgate.path
import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some entry in data.lib.podgate.volume.host_paths
	entry.class == "device"
	msg = sprintf("%v mounts %v from the node: %v%v", [entry.subject, entry.shown, entry.what, entry.note])
	details := entry.details
}

violation contains {"msg": msg, "details": details} if {
	some device in data.lib.podgate.volume.devices
	where := pod.called(device.container)
	msg = sprintf(`%v gets volume "%v" as a raw device, below every file system`, [where, device.volume])
	at := pod.pointer(device.container, sprintf("volumeDevices/%v", [device.index]))
	details := {"path": at, "container": device.container.name, "severity": "medium"}
}

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.annotation.loosening
	verdict = _verdict(found)
	msg = sprintf("the annotation %v (%v) asks CRI-O %v", [found.key, found.value, verdict.text])
	details := {"path": found.at, "severity": verdict.severity}
}

_verdict(found) := verdict if {
	found.about == "devices"
	severity := {true: "low", false: "high"}[count(_grave(found.value)) == 0]
	verdict := {"severity": severity, "text": "for devices of the node"}
} else := {"severity": "medium", "text": text} if {
	found.about == "labels"
	found.value != "false"
	text := "to leave the SELinux labels of volumes as they are"
}

# The devices of a list (`/dev/a:/dev/b:rwm,/dev/c`) that are not made for everybody.
_grave(list) := [device |
	some device in split(sprintf("%v", [list]), ",")
	place := path.read(trim_space(split(device, ":")[0]))
	node.judge(place, "CharDevice").severity != "low"
]
