# METADATA
# title: SELinux label not allowed
# description: >-
#   Finds SELinux users and roles, and types other than those for containers; container_engine_t is allowed from
#   version 1.31 on.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Kubernetes, Pod Security Standards
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security contexts
# custom:
#   id: PSS-seLinuxOptions
#   name: seLinuxOptions
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
#     Whoever edits the pipeline takes the label spc_t, for which SELinux confines nothing, and has the node's
#     files before them.
#   help: >-
#     Leave user and role of seLinuxOptions out, and use container_t, container_init_t, container_kvm_t or
#     container_engine_t as type.
package podgate.pss.se_linux_options

import rego.v1

import data.lib.podgate.pss

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.pss.se_linux_options
	msg = sprintf(`%v must not set seLinuxOptions.%v to "%v"`, [pss.called(found.holder), found.field, found.value])
	details = pss.in_context(found.holder, sprintf("seLinuxOptions/%v", [found.field]))
}
