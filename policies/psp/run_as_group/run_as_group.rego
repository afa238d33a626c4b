# METADATA
# title: Group that is not allowed
# description: >-
#   Finds pods whose runAsGroup the strategy of the policy's field runAsGroup does not take.
# related_resources:
#   - ref: https://v1-24.docs.kubernetes.io/docs/concepts/security/pod-security-policy/
#     description: Kubernetes 1.24, Pod Security Policies
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
# custom:
#   id: PSP-runAsGroup
#   name: PSP-runAsGroup
#   severity: high
#   profiles: [psp]
#   since: 0.1.0
#   parameters:
#     type: object
#     properties:
#       runAsGroup:
#         description: The strategy for runAsGroup. Ranges are needed where the rule is MustRunAs or MayRunAs.
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
#     Whoever edits the pipeline runs the build in a group that owns files of the node or of others.
#   help: >-
#     Set runAsGroup to an id that the policy takes.
package podgate.psp.run_as_group

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.psp_containers.groups
	allowed := data.lib.podgate.psp.shown(object.get(data.lib.podgate.psp.fields.runAsGroup, "ranges", []))
	who := pod.called(found.container)
	msg := sprintf("%v has runAsGroup %v; the policy allows %v (runAsGroup)", [who, found.value, allowed])
	details := {"path": found.path, "container": found.container.name}
}
