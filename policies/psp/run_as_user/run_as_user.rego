# METADATA
# title: User that is not allowed
# description: >-
#   Finds pods whose runAsUser the strategy of the policy's field runAsUser does not take.
# related_resources:
#   - ref: https://v1-24.docs.kubernetes.io/docs/concepts/security/pod-security-policy/
#     description: Kubernetes 1.24, Pod Security Policies
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
# custom:
#   id: PSP-runAsUser
#   name: PSP-runAsUser
#   severity: high
#   profiles: [psp]
#   since: 0.1.0
#   parameters:
#     type: object
#     properties:
#       runAsUser:
#         description: The strategy for runAsUser. Ranges are needed where the rule is MustRunAs.
#         type: object
#         required: [rule]
#         additionalProperties: false
#         properties:
#           rule:
#             type: string
#             enum: [MustRunAs, MustRunAsNonRoot, RunAsAny]
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
#     Whoever edits the pipeline runs the build as root, which is root on the node once it leaves the
#     container.
#   help: >-
#     Set runAsNonRoot to true and runAsUser to an id that the policy takes.
package podgate.psp.run_as_user

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.psp_containers.users
	rule := object.get(data.lib.podgate.psp.fields.runAsUser, "rule", "no rule")
	msg := sprintf(
		"%v has %v %v, which the policy does not allow (runAsUser: %v)",
		[pod.called(found.container), found.field, found.value, rule],
	)
	details := {"path": found.path, "container": found.container.name}
}
