# METADATA
# title: SELinux options that are not allowed
# description: >-
#   Finds SELinux options that differ from those of the policy's field seLinux under the rule MustRunAs.
# related_resources:
#   - ref: https://v1-24.docs.kubernetes.io/docs/concepts/security/pod-security-policy/
#     description: Kubernetes 1.24, Pod Security Policies
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
# custom:
#   id: PSP-seLinux
#   name: PSP-seLinux
#   severity: high
#   profiles: [psp]
#   since: 0.1.0
#   parameters:
#     type: object
#     properties:
#       seLinux:
#         description: The strategy for SELinux options. Options are needed where the rule is MustRunAs.
#         type: object
#         required: [rule]
#         additionalProperties: false
#         properties:
#           rule:
#             type: string
#             enum: [MustRunAs, RunAsAny]
#           seLinuxOptions:
#             type: object
#             additionalProperties: false
#             properties:
#               level:
#                 type: string
#               role:
#                 type: string
#               type:
#                 type: string
#               user:
#                 type: string
#   attack: >-
#     Whoever edits the pipeline gives the build a type such as spc_t, which SELinux does not confine.
#   help: >-
#     Leave seLinuxOptions out, or write the options that the policy has.
package podgate.psp.se_linux

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.psp_containers.se_linux
	msg := sprintf(
		`the SELinux %v is "%v"; the policy wants "%v" (seLinux)`,
		[found.field, found.value, found.wanted],
	)
	details := {"path": found.path, "container": found.container}
}
