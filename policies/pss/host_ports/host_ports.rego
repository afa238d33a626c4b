# METADATA
# title: Port of the node
# description: >-
#   Finds ports that a container opens on the node's own address (hostPort).
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Kubernetes, Pod Security Standards
#   - ref: https://kubernetes.io/docs/concepts/configuration/overview/
#     description: Kubernetes, configuration good practices
# custom:
#   id: PSS-hostPorts
#   name: hostPorts
#   severity: high
#   profiles: [pss-baseline, pss-restricted]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline answers in the place of a service of the node, or opens a door in the node
#     that no network policy guards.
#   help: >-
#     Remove hostPort and use a Service.
package podgate.pss.host_ports

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some named in data.lib.podgate.pod.host_ports
	msg = sprintf("%v must not use hostPort %v", [pod.called(named.container), named.port.hostPort])
	at := pod.pointer(named.container, sprintf("ports/%v/hostPort", [named.index]))
	details := {"path": at, "container": named.container.name}
}
