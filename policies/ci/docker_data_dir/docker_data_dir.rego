# METADATA
# title: Data of a container runtime
# description: >-
#   Finds hostPath volumes at or in the directories in which Docker, containerd, CRI-O, Podman and BuildKit
#   keep images and the files of every container on the node.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
#     description: Kubernetes, hostPath volumes
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, HostPath Volumes
#   - ref: https://docs.docker.com/engine/storage/drivers/overlayfs-driver/
#     description: Docker, how layers are kept
# custom:
#   id: CI112
#   severity: high
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline reads the files of every container on the node, and changes the layers of
#     images that other pods will start from.
#   help: >-
#     Give each build its own emptyDir or claim, and share caches through a registry.
package podgate.ci.docker_data_dir

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some entry in data.lib.podgate.volume.host_paths
	entry.class == "runtime-data"
	msg = sprintf("%v mounts %v from the node: %v%v", [entry.subject, entry.shown, entry.what, entry.note])
	details := entry.details
}
