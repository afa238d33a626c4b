# METADATA
# title: Builder as root without a user namespace
# description: >-
#   Finds containers that build images or run a container daemon as root, or privileged, in pods without a user
#   namespace (hostUsers is not false).
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/
#     description: Kubernetes, user namespaces
# custom:
#   id: CI308
#   severity: info
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline and finds a way out of the container is root on the node, as root inside and
#     outside are the same user.
#   help: >-
#     Set hostUsers: false, so that root in the pod is a user without rights on the node, or build as a user.
package podgate.ci.user_namespace_missing

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some entry in data.lib.podgate.daemon.rooted
	called := pod.called(entry.container)
	msg = sprintf("%v builds images and %v, without a user namespace (hostUsers: false)", [called, entry.why])
	at := pod.pointer(entry.container, "image")
	details := {"path": at, "container": entry.container.name}
}
