# METADATA
# title: Seccomp profile not allowed
# description: >-
#   Finds seccomp profiles other than the container runtime's own and profiles on the node: in annotations before
#   version 1.19, in fields since. From then on, the level "restricted" has seccompProfile_restricted instead.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Kubernetes, Pod Security Standards
#   - ref: https://kubernetes.io/docs/tutorials/security/seccomp/
#     description: Kubernetes, seccomp
# custom:
#   id: PSS-seccompProfile_baseline
#   name: seccompProfile_baseline
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
#     Whoever edits the pipeline has every system call of the kernel, and with them those by which containers
#     were left before.
#   help: >-
#     Leave seccompProfile out, or set its type to RuntimeDefault or Localhost.
package podgate.pss.seccomp_profile_baseline

import rego.v1

import data.lib.podgate.pss

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.pss.seccomp_profiles
	msg = sprintf(`%v must not set seccompProfile.type to "%v"`, [pss.called(found.holder), found.type])
	details = pss.in_context(found.holder, "seccompProfile/type")
}

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.pss.seccomp_annotations
	msg := sprintf(`annotation %v must not set the seccomp profile "%v"`, [found.key, found.value])
	details = pss.in_annotation(found.key)
}
