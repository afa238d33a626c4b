# METADATA
# title: Kind of /proc that is not allowed
# description: >-
#   Finds containers whose procMount is not in the policy's field allowedProcMountTypes.
# related_resources:
#   - ref: https://v1-24.docs.kubernetes.io/docs/concepts/security/pod-security-policy/
#     description: Kubernetes 1.24, Pod Security Policies
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
# custom:
#   id: PSP-allowedProcMountTypes
#   name: PSP-allowedProcMountTypes
#   severity: high
#   profiles: [psp]
#   since: 0.1.0
#   parameters:
#     type: object
#     properties:
#       allowedProcMountTypes:
#         description: The kinds of /proc that containers may have; without one only Default.
#         type: array
#         items:
#           type: string
#           enum: [Default, Unmasked]
#   attack: >-
#     Whoever edits the pipeline sees and changes settings of the node's kernel that the runtime hides
#     in /proc.
#   help: >-
#     Leave procMount out.
package podgate.psp.allowed_proc_mount_types

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.psp_containers.proc_mounts
	msg := sprintf(
		"%v has procMount %v, which the policy does not allow (allowedProcMountTypes)",
		[pod.called(found.container), found.mount],
	)
	details := {"path": pod.pointer(found.container, "securityContext/procMount"), "container": found.container.name}
}
