# METADATA
# title: Namespace of the node
# description: >-
#   Finds pods that share the node's network, its processes or its shared memory: hostNetwork, hostPID, hostIPC.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Kubernetes, Pod Security Standards
# custom:
#   id: PSS-hostNamespaces
#   name: hostNamespaces
#   severity: high
#   profiles: [pss-baseline, pss-restricted]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline sees the node's processes with what is in their environment, or reaches
#     services that listen only on the node's own address.
#   help: >-
#     Remove hostNetwork, hostPID and hostIPC.
package podgate.pss.host_namespaces

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some field in data.lib.podgate.pod.host_namespaces
	msg := sprintf("the pod must not set %v to true", [field])
	details := {"path": sprintf("/spec/%v", [field])}
}
