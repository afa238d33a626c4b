# METADATA
# title: AppArmor profile not allowed
# description: >-
#   Finds AppArmor profiles, in fields and in the annotations that came before them, other than the container
#   runtime's own and profiles loaded on the node.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Kubernetes, Pod Security Standards
#   - ref: https://kubernetes.io/docs/tutorials/security/apparmor/
#     description: Kubernetes, AppArmor
# custom:
#   id: PSS-appArmorProfile
#   name: appArmorProfile
#   severity: high
#   profiles: [pss-baseline, pss-restricted]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline turns AppArmor off and writes to the files below /proc and /sys that it
#     guards.
#   help: >-
#     Leave appArmorProfile out, or set its type to RuntimeDefault or Localhost.
package podgate.pss.app_armor_profile

import rego.v1

import data.lib.podgate.pss

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.pss.app_armor_profiles
	msg = sprintf(`%v must not set the AppArmor profile type to "%v"`, [pss.called(found.holder), found.type])
	details = pss.in_context(found.holder, "appArmorProfile/type")
}

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.pss.app_armor_annotations
	msg := sprintf(`annotation %v must not set the AppArmor profile "%v"`, [found.key, found.value])
	details = pss.in_annotation(found.key)
}
