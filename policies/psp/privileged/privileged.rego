# METADATA
# title: Privileged container
# description: >-
#   Finds privileged containers where the policy's field privileged is not true.
# related_resources:
#   - ref: https://v1-24.docs.kubernetes.io/docs/concepts/security/pod-security-policy/
#     description: Kubernetes 1.24, Pod Security Policies
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
# custom:
#   id: PSP-privileged
#   name: PSP-privileged
#   severity: critical
#   profiles: [psp]
#   since: 0.1.0
#   parameters:
#     type: object
#     properties:
#       privileged:
#         description: Whether containers may be privileged.
#         type: boolean
#       podSecurityPolicy:
#         description: >-
#           The documented policy that counts where a parameter is not given. The profiles psp:restricted, psp:baseline
#           and psp:privileged set it.
#         type: string
#         enum: [restricted, baseline, privileged]
#   attack: >-
#     Whoever edits the pipeline mounts the node's disk from the container and is root on the node.
#   help: >-
#     Leave privileged out; build images without it, for example with rootless BuildKit.
package podgate.psp.privileged

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some container in data.lib.podgate.pod.privileged
	data.lib.podgate.psp.fields.privileged != true
	msg := sprintf("%v is privileged, which the policy does not allow (privileged)", [pod.called(container)])
	details := {"path": pod.pointer(container, "securityContext/privileged"), "container": container.name}
}
