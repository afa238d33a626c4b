# METADATA
# title: Unknown socket of the node
# description: >-
#   Finds hostPath volumes of type Socket, or whose name ends like a socket's, that are not on the list of known
#   runtime sockets.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
#     description: Kubernetes, hostPath volumes
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, HostPath Volumes
# custom:
#   id: CI103
#   severity: high
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline talks to a service of the node that trusts every local caller, often a
#     container runtime in an unusual place.
#   help: >-
#     Talk to the service over TCP with mutual TLS, and run it in its own sandbox rather than on the node.
package podgate.ci.socket_type

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some entry in data.lib.podgate.volume.host_paths
	entry.class == "unknown-socket"
	msg = sprintf("%v mounts a socket from the node, %v: %v", [entry.subject, entry.shown, _consequence])
	details := entry.details
}

_consequence := "a service outside the pod listens to it"
