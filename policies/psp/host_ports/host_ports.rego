# METADATA
# title: Port on the node
# description: >-
#   Finds ports of the node outside the ranges of the policy's field hostPorts.
# related_resources:
#   - ref: https://v1-24.docs.kubernetes.io/docs/concepts/security/pod-security-policy/
#     description: Kubernetes 1.24, Pod Security Policies
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
# custom:
#   id: PSP-hostPorts
#   name: PSP-hostPorts
#   severity: high
#   profiles: [psp]
#   since: 0.1.0
#   parameters:
#     type: object
#     properties:
#       hostPorts:
#         description: The ranges of ports of the node that containers may use.
#         type: array
#         items:
#           type: object
#           required: [min, max]
#           additionalProperties: false
#           properties:
#             min:
#               type: integer
#               minimum: 0
#             max:
#               type: integer
#               minimum: 0
#   attack: >-
#     Whoever edits the pipeline listens on the node's own address and answers in the place of a
#     service of the node.
#   help: >-
#     Leave hostPort out and use a Service.
package podgate.psp.host_ports

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.psp_containers.host_ports
	allowed := data.lib.podgate.psp.shown(data.lib.podgate.psp.fields.hostPorts)
	who := pod.called(found.container)
	msg := sprintf("%v opens port %v of the node; the policy allows %v (hostPorts)", [who, found.number, allowed])
	path := pod.pointer(found.container, sprintf("ports/%v/%v", [found.index, found.field]))
	details := {"path": path, "container": found.container.name}
}
