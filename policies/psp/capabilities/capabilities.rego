# METADATA
# title: Capability that is not allowed
# description: >-
#   Finds added capabilities that are neither in the policy's field allowedCapabilities nor in
#   defaultAddCapabilities.
# related_resources:
#   - ref: https://v1-24.docs.kubernetes.io/docs/concepts/security/pod-security-policy/
#     description: Kubernetes 1.24, Pod Security Policies
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
# custom:
#   id: PSP-capabilities
#   name: PSP-capabilities
#   severity: high
#   profiles: [psp]
#   since: 0.1.0
#   parameters:
#     type: object
#     properties:
#       allowedCapabilities:
#         description: The capabilities that containers may add, as they are written; `*` for all.
#         type: array
#         items:
#           type: string
#           minLength: 1
#       defaultAddCapabilities:
#         description: The capabilities that PodSecurityPolicy added to containers; they may be added, too.
#         type: array
#         items:
#           type: string
#           minLength: 1
#       requiredDropCapabilities:
#         description: The capabilities that PodSecurityPolicy dropped from containers; PSP-defaults tells where they are not dropped.
#         type: array
#         items:
#           type: string
#           minLength: 1
#   attack: >-
#     Whoever edits the pipeline adds a capability such as SYS_ADMIN and uses it to leave the
#     container.
#   help: >-
#     Drop all capabilities and add only what the policy lists.
package podgate.psp.capabilities

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.psp_containers.capabilities
	msg := sprintf(
		"%v adds the capability %v, which the policy does not allow (allowedCapabilities)",
		[pod.called(found.container), found.name],
	)
	path := pod.pointer(found.container, sprintf("securityContext/capabilities/add/%v", [found.index]))
	details := {"path": path, "container": found.container.name}
}
