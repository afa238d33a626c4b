# METADATA
# title: Runtime socket of the node
# description: >-
#   Finds hostPath volumes, and parts of them mounted by subPath, that are the socket of a container runtime, a
#   build daemon or another root service of the node, in whatever spelling.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
#     description: Kubernetes, hostPath volumes
#   - ref: https://docs.docker.com/engine/security/#docker-daemon-attack-surface
#     description: Docker, daemon attack surface
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, HostPath Volumes
# custom:
#   id: CI101
#   severity: critical
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline asks the node's Docker daemon for a privileged container with the node's disk
#     in it, and is root on the node.
#   help: >-
#     Build images without the node's daemon, for example with rootless BuildKit or Buildah, or send the build to
#     a remote builder over mutual TLS.
package podgate.ci.runtime_socket

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some entry in data.lib.podgate.volume.host_paths
	entry.class == "socket"
	msg = sprintf("%v mounts %v from the node, %v: %v", [entry.subject, entry.what, entry.shown, _consequence])
	details := entry.details
}

_consequence := "whoever connects to it can take the node over"
