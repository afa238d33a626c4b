# METADATA
# title: Unsafe sysctl
# description: >-
#   Finds sysctls that are neither safe nor in the policy's field allowedUnsafeSysctls.
# related_resources:
#   - ref: https://v1-24.docs.kubernetes.io/docs/concepts/security/pod-security-policy/
#     description: Kubernetes 1.24, Pod Security Policies
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
# custom:
#   id: PSP-allowedUnsafeSysctls
#   name: PSP-allowedUnsafeSysctls
#   severity: high
#   profiles: [psp]
#   since: 0.1.0
#   parameters:
#     type: object
#     properties:
#       allowedUnsafeSysctls:
#         description: Sysctls beyond the safe ones that pods may set; a name that ends in `*` stands for all that begin so.
#         type: array
#         items:
#           type: string
#           minLength: 1
#   attack: >-
#     Whoever edits the pipeline changes a setting of the kernel that the node's other pods live with.
#   help: >-
#     Set only safe sysctls, or none.
package podgate.psp.allowed_unsafe_sysctls

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.psp_containers.sysctls
	found.verdict == "unsafe"
	msg := sprintf("pod sets the sysctl %v, which is neither safe nor allowed (allowedUnsafeSysctls)", [found.name])
	details := {"path": sprintf("/spec/securityContext/sysctls/%v/name", [found.index])}
}
