# METADATA
# title: Shared memory of the node
# description: >-
#   Finds pods that share the node's memory segments and message queues (hostIPC).
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, Host Namespaces
# custom:
#   id: CI302
#   severity: medium
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline reads and changes the shared memory of programs that run on the node.
#   help: >-
#     Remove hostIPC; for more shared memory mount an emptyDir with medium: Memory at /dev/shm.
package podgate.ci.host_ipc

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some field in data.lib.podgate.pod.host_namespaces
	field == "hostIPC"
	msg := "the pod shares memory segments and message queues with the node"
	fix := [{"op": "remove", "path": "/spec/hostIPC"}]
	details := {"path": "/spec/hostIPC", "fix": fix}
}
