# METADATA
# title: Pod uses the node's network
# description: >-
#   Finds pods that set hostNetwork where the policy's field hostNetwork is not true.
# related_resources:
#   - ref: https://v1-24.docs.kubernetes.io/docs/concepts/security/pod-security-policy/
#     description: Kubernetes 1.24, Pod Security Policies
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
# custom:
#   id: PSP-hostNetwork
#   name: PSP-hostNetwork
#   severity: high
#   profiles: [psp]
#   since: 0.1.0
#   parameters:
#     type: object
#     properties:
#       hostNetwork:
#         description: Whether pods may set hostNetwork.
#         type: boolean
#   attack: >-
#     Whoever edits the pipeline reaches what listens on the node alone, and the cloud's metadata in
#     the node's name.
#   help: >-
#     Leave hostNetwork out and reach services by their names.
package podgate.psp.host_network

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some field in data.lib.podgate.pod.host_namespaces
	field == "hostNetwork"
	data.lib.podgate.psp.fields.hostNetwork != true
	msg := "pod uses the node's network, which the policy does not allow (hostNetwork)"
	details := {"path": "/spec/hostNetwork"}
}
