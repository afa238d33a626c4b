# METADATA
# title: Capability beyond the default set
# description: >-
#   Finds capabilities that containers add beyond those that container runtimes give by default. From version
#   1.22 on, the level "restricted" has capabilities_restricted instead.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Kubernetes, Pod Security Standards
#   - ref: https://man7.org/linux/man-pages/man7/capabilities.7.html
#     description: Linux, capabilities(7)
# custom:
#   id: PSS-capabilities_baseline
#   name: capabilities_baseline
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
#     Whoever edits the pipeline gives the build SYS_ADMIN or another right of root's, and goes over to the
#     node with it.
#   help: >-
#     Remove the capability from capabilities.add.
package podgate.pss.capabilities_baseline

import rego.v1

import data.lib.podgate.pod
import data.lib.podgate.pss

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.pss.capabilities_beyond_default
	msg = sprintf(`%v must not add the capability "%v"`, [pod.called(found.container), found.capability])
	details = pss.in_context(found.container, sprintf("capabilities/add/%v", [found.index]))
}
