# METADATA
# title: Probe of another host
# description: >-
#   Finds hosts in the HTTP and TCP handlers of probes and lifecycle hooks. The check came with version 1.34.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Kubernetes, Pod Security Standards
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
#     description: Kubernetes, probes
# custom:
#   id: PSS-hostProbesAndHostLifecycle
#   name: hostProbesAndHostLifecycle
#   severity: high
#   profiles: [pss-baseline, pss-restricted]
#   since: 0.1.0
#   parameters:
#     type: object
#     properties:
#       podSecurity:
#         description: >-
#           The versions of the Pod Security Standards that pods are held to, for each level. podgate writes it from
#           the chosen profiles, such as pss-baseline:v1.30. Without it, checks judge by their latest version.
#         type: object
#         properties:
#           baseline:
#             description: Versions of the level "baseline", such as v1.30 or latest.
#             type: array
#             items: {type: string, pattern: '^(latest|v1\.(0|[1-9][0-9]*))$'}
#           restricted:
#             description: Versions of the level "restricted", such as v1.30 or latest.
#             type: array
#             items: {type: string, pattern: '^(latest|v1\.(0|[1-9][0-9]*))$'}
#   attack: >-
#     Whoever edits the pipeline has the kubelet call any address from the node's network, past every network
#     policy, and learns from the probe what answers there.
#   help: >-
#     Remove host from the handler: the kubelet then calls the pod itself.
package podgate.pss.host_probes_and_host_lifecycle

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.pss.handler_hosts
	msg = sprintf(`%v must not have the node call the host "%v"`, [pod.called(found.container), found.host])
	details := {"path": pod.pointer(found.container, found.field), "container": found.container.name}
}
