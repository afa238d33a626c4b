# METADATA
# title: Sysctl not allowed
# description: >-
#   Finds sysctls that are not on the list of those that affect the pod alone. The list grew with the versions
#   1.27, 1.29, 1.32 and 1.37.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Kubernetes, Pod Security Standards
#   - ref: https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/
#     description: Kubernetes, sysctls
# custom:
#   id: PSS-sysctls
#   name: sysctls
#   severity: high
#   profiles: [pss-baseline, pss-restricted]
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
#     Whoever edits the pipeline sets a limit of the node's kernel for everybody on it, down to where other
#     pods stand still.
#   help: >-
#     Remove the sysctl, or set it for the node as a whole where everybody needs it.
package podgate.pss.sysctls

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some sysctl in data.lib.podgate.pss.sysctls
	msg := sprintf(`the pod must not set the sysctl "%v"`, [sysctl.name])
	details := {"path": sprintf("/spec/securityContext/sysctls/%v/name", [sysctl.index])}
}
