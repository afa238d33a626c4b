# METADATA
# title: Pod sees the node's processes
# description: >-
#   Finds pods that set hostPID where the policy's field hostPID is not true.
# related_resources:
#   - ref: https://v1-24.docs.kubernetes.io/docs/concepts/security/pod-security-policy/
#     description: Kubernetes 1.24, Pod Security Policies
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
# custom:
#   id: PSP-hostPID
#   name: PSP-hostPID
#   severity: high
#   profiles: [psp]
#   since: 0.1.0
#   parameters:
#     type: object
#     properties:
#       hostPID:
#         description: Whether pods may set hostPID.
#         type: boolean
#   attack: >-
#     Whoever edits the pipeline reads the environment and memory of the node's processes.
#   help: >-
#     Leave hostPID out.
package podgate.psp.host_pid

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some field in data.lib.podgate.pod.host_namespaces
	field == "hostPID"
	data.lib.podgate.psp.fields.hostPID != true
	msg := "pod uses the node's process namespace, which the policy does not allow (hostPID)"
	details := {"path": "/spec/hostPID"}
}
