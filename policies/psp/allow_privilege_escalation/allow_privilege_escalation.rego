# METADATA
# title: Privilege escalation allowed
# description: >-
#   Finds containers that allow privilege escalation where the policy's field allowPrivilegeEscalation
#   is false.
# related_resources:
#   - ref: https://v1-24.docs.kubernetes.io/docs/concepts/security/pod-security-policy/
#     description: Kubernetes 1.24, Pod Security Policies
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
# custom:
#   id: PSP-allowPrivilegeEscalation
#   name: PSP-allowPrivilegeEscalation
#   severity: high
#   profiles: [psp]
#   since: 0.1.0
#   parameters:
#     type: object
#     properties:
#       allowPrivilegeEscalation:
#         description: Whether containers may gain privileges that their parent process does not have.
#         type: boolean
#       defaultAllowPrivilegeEscalation:
#         description: >-
#           What PodSecurityPolicy wrote into containers that did not say; null where the policy has no such field.
#         type: boolean
#         nullable: true
#   attack: >-
#     Whoever runs code in the build becomes root in the container by a setuid program.
#   help: >-
#     Set allowPrivilegeEscalation to false.
package podgate.psp.allow_privilege_escalation

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some container in data.lib.podgate.psp_containers.escalations
	msg := sprintf(
		"%v allows privilege escalation, which the policy does not (allowPrivilegeEscalation)",
		[pod.called(container)],
	)
	details := {"path": pod.pointer(container, "securityContext/allowPrivilegeEscalation"), "container": container.name}
}
