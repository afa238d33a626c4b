# METADATA
# title: May run as root
# description: >-
#   Finds pods and containers with runAsNonRoot: false; where there are none, containers for which neither they
#   nor the pod say true. From version 1.35 on, hostUsers: false spares a pod.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Kubernetes, Pod Security Standards
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security contexts
# custom:
#   id: PSS-runAsNonRoot
#   name: runAsNonRoot
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
#     Whoever edits the pipeline takes an image that runs as root, and is root on the node with the first
#     fault of kernel or runtime.
#   help: >-
#     Set runAsNonRoot to true in the pod, and use an image with a user of its own.
package podgate.pss.run_as_non_root

import rego.v1

import data.lib.podgate.pss

violation contains {"msg": msg, "details": details} if {
	some holder in data.lib.podgate.pss.roots
	msg = sprintf("%v must not set securityContext.runAsNonRoot to false", [pss.called(holder)])
	details = pss.in_context(holder, "runAsNonRoot")
}

violation contains {"msg": msg, "details": details} if {
	some label in data.lib.podgate.pss.roots_by_default
	msg := sprintf("%v must set securityContext.runAsNonRoot to true, or the pod must", [label.called])
	details := {"path": label.at, "container": label.name}
}
