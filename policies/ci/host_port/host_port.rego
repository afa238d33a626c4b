# METADATA
# title: Port of the node
# description: >-
#   Finds ports that a container opens on the node's own address (hostPort). Ports that hostNetwork implies are
#   left to CI303.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, Host Ports
#   - ref: https://kubernetes.io/docs/concepts/configuration/overview/
#     description: Kubernetes, configuration good practices
# custom:
#   id: CI304
#   severity: medium
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline answers in the place of a service of the node, or shows a daemon of the
#     build to the whole network.
#   help: >-
#     Remove hostPort and use a Service.
package podgate.ci.host_port

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some named in data.lib.podgate.pod.host_ports
	msg = sprintf("%v opens port %v on the node", [pod.called(named.container), named.port.hostPort])
	at := pod.pointer(named.container, sprintf("ports/%v/hostPort", [named.index]))
	fix := [{"op": "remove", "path": at}]
	details := {"path": at, "container": named.container.name, "fix": fix}
}
