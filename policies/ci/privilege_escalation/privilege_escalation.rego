# METADATA
# title: Privilege escalation allowed
# description: >-
#   Finds containers with allowPrivilegeEscalation: true, and as low those that leave the field out, which
#   means the same. Privileged containers and those with SYS_ADMIN are left to CI201 and CI204; Windows has no
#   such field.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, Privilege Escalation
#   - ref: https://docs.kernel.org/userspace-api/no_new_privs.html
#     description: Linux, no_new_privs
# custom:
#   id: CI203
#   severity: low
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline becomes root in the container through a set-user-id program, and tries the
#     node's kernel as root.
#   help: >-
#     Set allowPrivilegeEscalation: false.
package podgate.ci.privilege_escalation

import data.lib.podgate.pod

import future.keywords.not
import rego.v1

violation contains {"msg": msg, "details": details} if {
	some gap in data.lib.podgate.hardening.open
	value := object.get(gap.container.spec, ["securityContext", "allowPrivilegeEscalation"], null)
	value != false
	not gap.at in data.lib.podgate.hardening.admins
	verdict = _verdict(value)
	msg = sprintf("%v %v", [gap.called, verdict.text])
	at := concat("", [gap.at, verdict.field])
	details := {"path": at, "container": gap.container.name, "severity": verdict.severity}
}

_verdict(value) := {"severity": "low", "field": "", "text": text} if {
	value == null
	not data.lib.podgate.pod.partial
	text := "does not forbid privilege escalation: a set-user-id program in it makes its user root"
} else := {"severity": "medium", "field": "/securityContext/allowPrivilegeEscalation", "text": text} if {
	pod.truthy(value)
	text := "allows privilege escalation: a set-user-id program in it makes its user root"
}
