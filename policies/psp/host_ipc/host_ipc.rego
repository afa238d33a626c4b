# METADATA
# title: Pod shares the node's memory segments
# description: >-
#   Finds pods that set hostIPC where the policy's field hostIPC is not true.
# related_resources:
#   - ref: https://v1-24.docs.kubernetes.io/docs/concepts/security/pod-security-policy/
#     description: Kubernetes 1.24, Pod Security Policies
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
# custom:
#   id: PSP-hostIPC
#   name: PSP-hostIPC
#   severity: high
#   profiles: [psp]
#   since: 0.1.0
#   parameters:
#     type: object
#     properties:
#       hostIPC:
#         description: Whether pods may set hostIPC.
#         type: boolean
#   attack: >-
#     Whoever edits the pipeline reads and changes shared memory of other processes on the node.
#   help: >-
#     Leave hostIPC out; containers of one pod share memory without it.
package podgate.psp.host_ipc

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some field in data.lib.podgate.pod.host_namespaces
	field == "hostIPC"
	data.lib.podgate.psp.fields.hostIPC != true
	msg := "pod uses the node's IPC namespace, which the policy does not allow (hostIPC)"
	details := {"path": "/spec/hostIPC"}
}
