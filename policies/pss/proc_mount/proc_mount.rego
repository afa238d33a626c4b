# METADATA
# title: Unmasked /proc
# description: >-
#   Finds containers that change how /proc is mounted. From version 1.35 on, pods with hostUsers: false may, at
#   the level "baseline"; the level "restricted" has procMount_restricted from then on.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Kubernetes, Pod Security Standards
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security contexts
# custom:
#   id: PSS-procMount
#   name: procMount
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
#     Whoever edits the pipeline writes below /proc/sys and /proc/sysrq-trigger, and so changes or halts the
#     node's kernel.
#   help: >-
#     Remove procMount, or set hostUsers to false where the nodes have user namespaces.
package podgate.pss.proc_mount

import rego.v1

import data.lib.podgate.pod
import data.lib.podgate.pss

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.pss.proc_mounts
	msg = sprintf(`%v must not set securityContext.procMount to "%v"`, [pod.called(found.container), found.mount])
	details = pss.in_context(found.container, "procMount")
}
