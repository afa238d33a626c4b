# METADATA
# title: Forbidden sysctl
# description: >-
#   Finds sysctls that the policy's field forbiddenSysctls lists.
# related_resources:
#   - ref: https://v1-24.docs.kubernetes.io/docs/concepts/security/pod-security-policy/
#     description: Kubernetes 1.24, Pod Security Policies
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
# custom:
#   id: PSP-forbiddenSysctls
#   name: PSP-forbiddenSysctls
#   severity: high
#   profiles: [psp]
#   since: 0.1.0
#   parameters:
#     type: object
#     properties:
#       forbiddenSysctls:
#         description: Sysctls that pods may not set; a name that ends in `*` stands for all that begin so.
#         type: array
#         items:
#           type: string
#           minLength: 1
#   attack: >-
#     Whoever edits the pipeline changes a setting of the kernel that the node's other pods live with.
#   help: >-
#     Leave the sysctl out.
package podgate.psp.forbidden_sysctls

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.psp_containers.sysctls
	found.verdict == "forbidden"
	msg := sprintf("pod sets the sysctl %v, which the policy forbids (forbiddenSysctls)", [found.name])
	details := {"path": sprintf("/spec/securityContext/sysctls/%v/name", [found.index])}
}
