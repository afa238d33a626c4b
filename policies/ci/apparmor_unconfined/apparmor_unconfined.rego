# METADATA
# title: AppArmor switched off
# description: >-
#   Finds AppArmor profiles other than RuntimeDefault and Localhost, at the pod or a container or in the old
#   annotation. A container's profile counts before the pod's.
# related_resources:
#   - ref: https://kubernetes.io/docs/tutorials/security/apparmor/
#     description: Kubernetes, AppArmor
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, AppArmor
# custom:
#   id: CI209
#   severity: medium
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline mounts file systems and writes kernel settings that the default profile
#     would have refused.
#   help: >-
#     Leave the profile out, or set appArmorProfile.type: RuntimeDefault.
package podgate.ci.apparmor_unconfined

import future.keywords.not
import rego.v1

violation contains {"msg": msg, "details": details} if {
	some setting in data.lib.podgate.hardening.settings
	setting.field == "appArmorProfile"
	type = setting.value.type
	not type in {"", null}
	msg = sprintf("%v has the AppArmor profile %v: %v", [setting.called, type, _consequence])
	at := concat("/", [setting.at, "type"])
	details := object.union({"path": at}, setting.owner)
}

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.annotation.loosening
	found.about == "apparmor"
	written := sprintf("%v", [found.value])
	not written in {"", "runtime/default"}
	not startswith(written, "localhost/")
	msg = sprintf("the annotation %v sets the AppArmor profile %v: %v", [found.key, written, _consequence])
	details := object.union({"path": found.at}, found.owner)
}

_consequence := "what the default profile refuses is allowed"
