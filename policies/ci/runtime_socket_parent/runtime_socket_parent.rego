# METADATA
# title: Directory of a runtime socket
# description: >-
#   Finds hostPath volumes that hold the socket of a container runtime somewhere below them, such as /, /run,
#   /var/run or /run/containerd.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
#     description: Kubernetes, hostPath volumes
#   - ref: https://docs.docker.com/engine/security/#docker-daemon-attack-surface
#     description: Docker, daemon attack surface
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, HostPath Volumes
# custom:
#   id: CI102
#   severity: critical
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline finds docker.sock or containerd.sock below the mounted directory and uses it
#     to become root on the node.
#   help: >-
#     Mount no directory of the node; give the build an emptyDir or a PersistentVolumeClaim for its files and a
#     builder that needs no socket.
package podgate.ci.runtime_socket_parent

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some entry in data.lib.podgate.volume.host_paths
	entry.class == "parent"
	msg = sprintf("%v mounts %v from the node, %v%v", [entry.subject, entry.what, entry.shown, entry.note])
	details := entry.details
}
