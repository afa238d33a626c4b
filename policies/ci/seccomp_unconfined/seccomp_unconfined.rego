# METADATA
# title: No seccomp profile
# description: >-
#   Finds seccomp profiles other than RuntimeDefault and Localhost, at the pod or a container or in the old
#   annotations, and as low containers that have none. A container's profile counts before the pod's.
# related_resources:
#   - ref: https://kubernetes.io/docs/tutorials/security/seccomp/
#     description: Kubernetes, seccomp
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, Seccomp
# custom:
#   id: CI208
#   severity: medium
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline reaches the rarely used system calls of the node's kernel, in which its
#     holes are found.
#   help: >-
#     Set seccompProfile.type: RuntimeDefault for the pod.
package podgate.ci.seccomp_unconfined

import future.keywords.not
import rego.v1

violation contains {"msg": msg, "details": details} if {
	some setting in data.lib.podgate.hardening.settings
	setting.field == "seccompProfile"
	type = setting.value.type
	not type in {"", null}
	msg = sprintf("%v has the seccomp profile %v: %v", [setting.called, type, _consequence])
	at := concat("/", [setting.at, "type"])
	details := object.union({"path": at, "severity": "medium"}, setting.owner)
}

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.annotation.loosening
	found.about == "seccomp"
	written := sprintf("%v", [found.value])
	not written in {"", "docker/default", "runtime/default"}
	not startswith(written, "localhost/")
	msg = sprintf("the annotation %v sets the seccomp profile %v: %v", [found.key, written, _consequence])
	details := object.union({"path": found.at, "severity": "medium"}, found.owner)
}

violation contains {"msg": msg, "details": details} if {
	some gap in data.lib.podgate.hardening.open
	type := object.get(gap.container.spec, ["securityContext", "seccompProfile", "type"], data.lib.podgate.hardening.profile)
	type in {"", null}
	not data.lib.podgate.pod.partial
	msg = sprintf("%v has no seccomp profile: on most nodes no system call is closed to it", [gap.called])
	details := {"path": gap.at, "container": gap.container.name, "severity": "low"}
}

_consequence := "every system call of the node's kernel is open"
