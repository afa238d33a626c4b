# METADATA
# title: Volume of a socket that nothing mounts
# description: >-
#   Finds hostPath volumes of a runtime socket, or of a directory that holds one, that no container
#   of the pod mounts.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
#     description: Kubernetes, hostPath volumes
#   - ref: https://kubernetes.io/docs/concepts/workloads/pods/ephemeral-containers/
#     description: Kubernetes, ephemeral containers
# custom:
#   id: CI807
#   severity: medium
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever may add an ephemeral container, or patch the pod, mounts the volume that stands ready
#     and takes the node over.
#   help: >-
#     Remove the volume; nothing in the pod uses it.
package podgate.ci.unmounted_socket_volume

import future.keywords.not
import rego.v1

violation contains {"msg": msg, "details": details} if {
	some entry in data.lib.podgate.volume.host_paths
	entry.class in {"parent", "socket"}
	not data.lib.podgate.pod.partial
	count(data.lib.podgate.pod.containers) > 0
	index = entry.volume
	count([mount | some mount in data.lib.podgate.volume.host_mounts; mount.volume.index == index]) == 0
	msg := sprintf("%v gives %v of the node, and no container mounts it: %v", [entry.subject, entry.shown, _problem])
	details := {"path": sprintf("/spec/volumes/%v/name", [index])}
}

_problem := "a patch, a sidecar put in later or an ephemeral container can"
