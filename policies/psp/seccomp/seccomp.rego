# METADATA
# title: Seccomp profile that is not allowed
# description: >-
#   Finds seccomp profiles that the policy's annotation allowedProfileNames does not list.
# related_resources:
#   - ref: https://v1-24.docs.kubernetes.io/docs/concepts/security/pod-security-policy/
#     description: Kubernetes 1.24, Pod Security Policies
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
# custom:
#   id: PSP-seccomp
#   name: PSP-seccomp
#   severity: high
#   profiles: [psp]
#   since: 0.1.0
#   parameters:
#     type: object
#     properties:
#       seccomp.security.alpha.kubernetes.io/allowedProfileNames:
#         description: >-
#           The names of the profiles that pods may have, divided by commas; `*` for all. Empty where the policy has no such
#           annotation: pods may then name no profile.
#         type: string
#       seccomp.security.alpha.kubernetes.io/defaultProfileName:
#         description: The name of the profile that PodSecurityPolicy wrote into pods that named none.
#         type: string
#   attack: >-
#     Whoever edits the pipeline runs the build without a filter on system calls and reaches holes in
#     the kernel.
#   help: >-
#     Set seccompProfile.type to RuntimeDefault on the pod.
package podgate.psp.seccomp

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.psp_profiles.seccomp
	msg := sprintf(
		`%v the seccomp profile "%v", which the policy does not allow (seccomp)`,
		[_who(found.container), found.profile],
	)
	details := {"path": found.path, "container": found.container}
}

_who(name) := "pod has" if {
	name == ""
} else := sprintf(`container "%v" has`, [name])
