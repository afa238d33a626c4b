# METADATA
# title: Unmasked /proc, user namespace or not
# description: >-
#   Finds containers that change how /proc is mounted, also with hostUsers: false. The check came with version
#   1.35; before, procMount did its work.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Kubernetes, Pod Security Standards
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security contexts
# custom:
#   id: PSS-procMount_restricted
#   name: procMount_restricted
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
#     Whoever edits the pipeline sees and writes below /proc what the container runtime hides, and needs one
#     fault of the kernel less to leave the container.
#   help: >-
#     Remove procMount.
package podgate.pss.proc_mount_restricted

import rego.v1

import data.lib.podgate.pod
import data.lib.podgate.pss

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.pss.proc_mounts_restricted
	msg = sprintf(`%v must not set securityContext.procMount to "%v"`, [pod.called(found.container), found.mount])
	details = pss.in_context(found.container, "procMount")
}
