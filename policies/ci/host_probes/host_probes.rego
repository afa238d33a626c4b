# METADATA
# title: Probe of another host
# description: >-
#   Finds probes and lifecycle hooks that name a host (httpGet.host, tcpSocket.host) instead of the pod itself.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, Host Probes and Lifecycle Hooks
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
#     description: Kubernetes, configure probes
# custom:
#   id: CI309
#   severity: low
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline has the kubelet call an address of their choice from the node's network, past
#     the rules that hold for pods.
#   help: >-
#     Remove host: the kubelet then probes the pod itself. A name for the server belongs in the Host header.
package podgate.ci.host_probes

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some probe in data.lib.podgate.network.probe_hosts
	called := pod.called(probe.container)
	msg = sprintf("%v has the kubelet call %v, from the node's network", [called, probe.host])
	at := pod.pointer(probe.container, probe.field)
	fix := [{"op": "remove", "path": at}]
	details := {"path": at, "container": probe.container.name, "fix": fix}
}
