# METADATA
# title: Network of the node
# description: >-
#   Finds pods that use the network of the node (hostNetwork).
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, Host Namespaces
# custom:
#   id: CI303
#   severity: high
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline reaches daemons that listen on the node's 127.0.0.1, the cloud's metadata
#     service with the node's identity, and is past every NetworkPolicy.
#   help: >-
#     Remove hostNetwork; use a Service to be reached, and the pod's own network to reach others.
package podgate.ci.host_network

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some field in data.lib.podgate.pod.host_namespaces
	field == "hostNetwork"
	msg := "the pod uses the node's network, and so reaches what listens on its 127.0.0.1 and the cloud's metadata service"
	fix := [{"op": "remove", "path": "/spec/hostNetwork"}]
	details := {"path": "/spec/hostNetwork", "fix": fix}
}
