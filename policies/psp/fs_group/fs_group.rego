# METADATA
# title: Group of volumes that is not allowed
# description: >-
#   Finds pods whose fsGroup the strategy of the policy's field fsGroup does not take.
# related_resources:
#   - ref: https://v1-24.docs.kubernetes.io/docs/concepts/security/pod-security-policy/
#     description: Kubernetes 1.24, Pod Security Policies
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
# custom:
#   id: PSP-fsGroup
#   name: PSP-fsGroup
#   severity: high
#   profiles: [psp]
#   since: 0.1.0
#   parameters:
#     type: object
#     properties:
#       fsGroup:
#         description: The strategy for fsGroup. Ranges are needed where the rule is MustRunAs or MayRunAs.
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
#     Whoever edits the pipeline has volumes handed to a group that they were not meant for.
#   help: >-
#     Set fsGroup to an id that the policy takes.
package podgate.psp.fs_group

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some group in data.lib.podgate.psp_containers.fs_groups
	allowed := data.lib.podgate.psp.shown(object.get(data.lib.podgate.psp.fields.fsGroup, "ranges", []))
	msg := sprintf("pod has fsGroup %v; the policy allows %v (fsGroup)", [group, allowed])
	details := {"path": "/spec/securityContext/fsGroup"}
}
