# METADATA
# title: Mount shared with the node
# description: >-
#   Finds mounts with mountPropagation: Bidirectional, by which what a container mounts appears on the node,
#   and HostToContainer on hostPath volumes, by which later mounts of the node appear in the container.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#mount-propagation
#     description: Kubernetes, mount propagation
#   - ref: https://man7.org/linux/man-pages/man7/mount_namespaces.7.html
#     description: Linux, mount namespaces
# custom:
#   id: CI110
#   severity: high
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline mounts a file system of their own over a directory of the node and of
#     other pods.
#   help: >-
#     Leave mountPropagation out.
package podgate.ci.mount_propagation

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some mount in data.lib.podgate.volume.propagated
	verdict = _verdict(mount)
	where := pod.called(mount.container)
	msg = sprintf(`%v mounts volume "%v" with propagation %v: %v`, [where, mount.name, mount.mode, verdict.text])
	at := pod.pointer(mount.container, sprintf("volumeMounts/%v/mountPropagation", [mount.index]))
	fix := [{"op": "remove", "path": at}]
	details := {"path": at, "container": mount.container.name, "severity": verdict.severity, "fix": fix}
}

_verdict(mount) := {"severity": "high", "text": "what the container mounts there appears on the node"} if {
	mount.mode != "HostToContainer"
} else := {"severity": "low", "text": "what the node mounts there later appears in the container"} if {
	mount.name in _host_volumes
}

_host_volumes := {host.volume.name | some host in data.lib.podgate.volume.host_mounts}
