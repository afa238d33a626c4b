# METADATA
# title: No seccomp profile
# description: >-
#   Finds seccomp profiles other than the container runtime's own and profiles on the node; where there are none,
#   containers for which neither they nor the pod choose one. The check came with version 1.19; from 1.25 on it
#   spares pods for Windows.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Kubernetes, Pod Security Standards
#   - ref: https://kubernetes.io/docs/tutorials/security/seccomp/
#     description: Kubernetes, seccomp
# custom:
#   id: PSS-seccompProfile_restricted
#   name: seccompProfile_restricted
#   severity: high
#   profiles: [pss-restricted]
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
#     Whoever edits the pipeline has every system call of the kernel, and with them those by which containers
#     were left before.
#   help: >-
#     Set seccompProfile.type to RuntimeDefault in the pod.
package podgate.pss.seccomp_profile_restricted

import rego.v1

import data.lib.podgate.pss

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.pss.seccomp_profiles_restricted
	msg = sprintf(`%v must not set seccompProfile.type to "%v"`, [pss.called(found.holder), found.type])
	details = pss.in_context(found.holder, "seccompProfile/type")
}

violation contains {"msg": msg, "details": details} if {
	some label in data.lib.podgate.pss.seccomp_missing
	msg := sprintf(
		"%v must set seccompProfile.type to RuntimeDefault or Localhost, or the pod must",
		[label.called],
	)
	details := {"path": label.at, "container": label.name}
}
