# METADATA
# title: SELinux label of its own
# description: >-
#   Finds SELinux users and roles, and types other than those made for containers. The type spc_t, which is
#   not confined at all, is high.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#assign-selinux-labels-to-a-container
#     description: Kubernetes, SELinux labels
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, SELinux
# custom:
#   id: CI210
#   severity: medium
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline reads and writes what SELinux keeps from containers, such as the node's
#     files and those of other pods.
#   help: >-
#     Leave user, role and type out; a level may stay.
package podgate.ci.selinux_options

import future.keywords.not
import rego.v1

violation contains {"msg": msg, "details": details} if {
	some setting in data.lib.podgate.hardening.settings
	setting.field == "seLinuxOptions"
	some field in ["role", "type", "user"]
	value = setting.value[field]
	verdict = _verdict(field, value)
	msg = sprintf("%v sets the SELinux %v %v: %v", [setting.called, field, value, verdict.text])
	at := concat("/", [setting.at, field])
	details := object.union({"path": at, "severity": verdict.severity}, setting.owner)
}

_verdict(field, value) := {"severity": "high", "text": "SELinux does not confine it at all"} if {
	field == "type"
	value == "spc_t"
} else := {"severity": "medium", "text": "it is not confined as containers are"} if {
	not _ordinary(field, value)
}

_ordinary(field, value) if {
	value in {"", null}
} else if {
	field == "type"
	value in {"container_engine_t", "container_init_t", "container_kvm_t", "container_t"}
}
