# METADATA
# title: Supplemental group that is not allowed
# description: >-
#   Finds pods whose supplementalGroups the strategy of the policy's field supplementalGroups does not
#   take.
# related_resources:
#   - ref: https://v1-24.docs.kubernetes.io/docs/concepts/security/pod-security-policy/
#     description: Kubernetes 1.24, Pod Security Policies
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
# custom:
#   id: PSP-supplementalGroups
#   name: PSP-supplementalGroups
#   severity: high
#   profiles: [psp]
#   since: 0.1.0
#   parameters:
#     type: object
#     properties:
#       supplementalGroups:
#         description: The strategy for supplementalGroups. Ranges are needed where the rule is MustRunAs or MayRunAs.
#         type: object
#         required: [rule]
#         additionalProperties: false
#         properties:
#           rule:
#             type: string
#             enum: [MustRunAs, MayRunAs, RunAsAny]
#           ranges:
#             type: array
#             items:
#               type: object
#               required: [min, max]
#               additionalProperties: false
#               properties:
#                 min:
#                   type: integer
#                   minimum: 0
#                 max:
#                   type: integer
#                   minimum: 0
#   attack: >-
#     Whoever edits the pipeline adds the group of a socket or of a shared directory to the build.
#   help: >-
#     Set supplementalGroups to ids that the policy takes.
package podgate.psp.supplemental_groups

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.psp_containers.supplemental_groups
	allowed := data.lib.podgate.psp.shown(object.get(data.lib.podgate.psp.fields.supplementalGroups, "ranges", []))
	msg := sprintf(
		"pod has the supplemental group %v; the policy allows %v (supplementalGroups)",
		[found.group, allowed],
	)
	details := {"path": found.path}
}
