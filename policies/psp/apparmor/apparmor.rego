# METADATA
# title: AppArmor profile that is not allowed
# description: >-
#   Finds AppArmor profiles that the policy's annotation allowedProfileNames does not list.
# related_resources:
#   - ref: https://v1-24.docs.kubernetes.io/docs/concepts/security/pod-security-policy/
#     description: Kubernetes 1.24, Pod Security Policies
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
# custom:
#   id: PSP-apparmor
#   name: PSP-apparmor
#   severity: high
#   profiles: [psp]
#   since: 0.1.0
#   parameters:
#     type: object
#     properties:
#       apparmor.security.beta.kubernetes.io/allowedProfileNames:
#         description: >-
#           The names of the profiles that containers may have, divided by commas. Null where the policy has no such
#           annotation: every profile is then allowed.
#         type: string
#         nullable: true
#       apparmor.security.beta.kubernetes.io/defaultProfileName:
#         description: The name of the profile that PodSecurityPolicy wrote for containers that named none.
#         type: string
#   attack: >-
#     Whoever edits the pipeline turns the AppArmor profile off, and the build may mount and write what
#     the profile forbids.
#   help: >-
#     Leave the profile out, or set appArmorProfile.type to RuntimeDefault.
package podgate.psp.apparmor

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.psp_profiles.app_armor
	msg := sprintf(
		`%v has the AppArmor profile "%v", which the policy does not allow (apparmor)`,
		[pod.called(found.container), found.profile],
	)
	details := {"path": found.path, "container": found.container.name}
}
