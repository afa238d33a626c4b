# METADATA
# title: Writable root file system
# description: >-
#   Finds containers without readOnlyRootFilesystem: true. Builds write, so no profile has this policy;
#   settings switch it on.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security contexts
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#emptydir
#     description: Kubernetes, emptyDir volumes
# custom:
#   id: CI212
#   severity: low
#   profiles: []
#   since: 0.1.0
#   attack: >-
#     Whoever breaks into the running program replaces programs and libraries in the container and stays there
#     until it ends.
#   help: >-
#     Set readOnlyRootFilesystem: true, and mount an emptyDir wherever the program writes.
package podgate.ci.read_only_rootfs

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some gap in data.lib.podgate.hardening.writable_roots
	msg = sprintf("%v can change its own programs: its root file system is writable", [pod.called(gap.container)])
	details := {"path": gap.at, "container": gap.container.name}
}
