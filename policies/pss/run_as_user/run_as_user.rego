# METADATA
# title: Runs as root
# description: >-
#   Finds pods and containers with runAsUser: 0. The check came with version 1.23; from 1.35 on, hostUsers: false
#   spares a pod.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Kubernetes, Pod Security Standards
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security contexts
# custom:
#   id: PSS-runAsUser
#   name: runAsUser
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
#     Whoever edits the pipeline is root in the container, and on the node with the first fault of kernel or
#     runtime.
#   help: >-
#     Set runAsUser to the number of an ordinary user, or leave it out.
package podgate.pss.run_as_user

import rego.v1

import data.lib.podgate.pss

violation contains {"msg": msg, "details": details} if {
	some holder in data.lib.podgate.pss.root_users
	msg = sprintf("%v must not set securityContext.runAsUser to 0", [pss.called(holder)])
	details = pss.in_context(holder, "runAsUser")
}
