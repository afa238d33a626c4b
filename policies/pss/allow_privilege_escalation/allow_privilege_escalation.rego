# METADATA
# title: Privileges can be gained
# description: >-
#   Finds containers without allowPrivilegeEscalation: false. The check came with version 1.8; from 1.25 on it
#   spares pods for Windows.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Kubernetes, Pod Security Standards
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security contexts
# custom:
#   id: PSS-allowPrivilegeEscalation
#   name: allowPrivilegeEscalation
#   severity: high
#   profiles: [pss-restricted]
#   since: 0.1.0
#   parameters:
#     type: object
#     properties:
#       podSecurity:
#         description: >-
#           The versions of the Pod Security Standards that pods are held to, for each level. podgate writes it from
#           the chosen profiles, such as pss-baseline:v1.30. Without it, checks judge by their latest version.
#         type: object
#         properties:
#           baseline:
#             description: Versions of the level "baseline", such as v1.30 or latest.
#             type: array
#             items: {type: string, pattern: '^(latest|v1\.(0|[1-9][0-9]*))$'}
#           restricted:
#             description: Versions of the level "restricted", such as v1.30 or latest.
#             type: array
#             items: {type: string, pattern: '^(latest|v1\.(0|[1-9][0-9]*))$'}
#   attack: >-
#     Whoever edits the pipeline runs a set-user-ID program of the image, is root in the container again, and
#     uses what root may.
#   help: >-
#     Set allowPrivilegeEscalation to false.
package podgate.pss.allow_privilege_escalation

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.pss.escalations
	msg := sprintf("%v must set securityContext.allowPrivilegeEscalation to false", [found.label.called])
	at := concat("", [found.label.at, _fields[found.how]])
	details := {"path": at, "container": found.label.name}
}

_fields := {"missing": "", "set": "/securityContext/allowPrivilegeEscalation"}
