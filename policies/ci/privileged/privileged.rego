# METADATA
# title: Privileged container
# description: >-
#   Finds containers of every kind that run privileged. With user namespaces (hostUsers: false) it is high
#   instead of critical, since not every container runtime honours that field.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, Privileged Containers
#   - ref: https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/
#     description: Kubernetes, user namespaces
# custom:
#   id: CI201
#   severity: critical
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline mounts the node's disk from inside the container and writes what root on the
#     node will run.
#   help: >-
#     Set privileged: false, and build images with a builder that needs no privilege, such as rootless BuildKit
#     or Buildah.
package podgate.ci.privileged

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some container in data.lib.podgate.pod.privileged
	msg = sprintf("%v is privileged: %v", [pod.called(container), _consequence.text])
	at := pod.pointer(container, "securityContext/privileged")
	fix := [{"op": "replace", "path": at, "value": false}]
	severity := _consequence.severity
	details := {"path": at, "container": container.name, "severity": severity, "fix": fix}
}

_consequence := {"severity": "high", "text": text} if {
	data.lib.podgate.pod.user_namespace
	text := concat(" ", [
		"hostUsers: false confines it only where the node supports user namespaces",
		"(containerd 2.0, runc 1.2 or crun 1.9, Linux 6.3); older containerd ignores that field without a word",
	])
} else := {"severity": "critical", "text": "root in it is root on the node"}
