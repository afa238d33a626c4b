# METADATA
# title: Writable directory of the node
# description: >-
#   Finds mounts of hostPath volumes that are not read-only. Sockets and their directories are left to CI101 to
#   CI103, since a read-only mount does not help there.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
#     description: Kubernetes, hostPath volumes
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, HostPath Volumes
# custom:
#   id: CI106
#   severity: high
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline plants files in the node's directory that the node or the next build on it
#     uses.
#   help: >-
#     Set readOnly: true on the mount, or better use an emptyDir or a PersistentVolumeClaim.
package podgate.ci.writable_host_path

import data.lib.podgate.pod

import future.keywords.not
import rego.v1

violation contains {"msg": msg, "details": details} if {
	some mount in data.lib.podgate.volume.host_mounts
	not mount.read_only
	mount.verdict.class in {"benign", "kubelet", "log", "other", "runtime-data", "sensitive", "unresolved"}
	where := pod.called(mount.container)
	at := pod.pointer(mount.container, sprintf("volumeMounts/%v", [mount.index]))
	msg = sprintf(`%v can write to %v on the node, volume "%v"`, [where, mount.place.canonical, mount.volume.name])
	fix := [{"op": "add", "path": sprintf("%v/readOnly", [at]), "value": true}]
	details := {"path": at, "container": mount.container.name, "fix": fix}
}
