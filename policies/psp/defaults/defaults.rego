# METADATA
# title: Field that PodSecurityPolicy would have set
# description: >-
#   Finds fields that are missing and that the admission plugin of PodSecurityPolicy would have set from
#   the policy before it judged the pod.
# related_resources:
#   - ref: https://v1-24.docs.kubernetes.io/docs/concepts/security/pod-security-policy/
#     description: Kubernetes 1.24, Pod Security Policies
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
# custom:
#   id: PSP-defaults
#   name: PSP-defaults
#   severity: medium
#   profiles: [psp]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline gets by leaving a field out what PodSecurityPolicy did not give: root,
#     all default capabilities, no profile.
#   help: >-
#     Write the field into the pod, or have a mutating policy set it.
package podgate.psp.defaults

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.psp_defaults.missing
	msg := sprintf(
		"%v lacks %v, which PodSecurityPolicy would have set to %v; now nothing does",
		[_who(found.container), replace(found.field, "/", "."), found.set],
	)
	details := {"path": found.path, "container": _name(found.container)}
}

_who(container) := "pod" if {
	container == null
} else := pod.called(container)

_name(container) := "" if {
	container == null
} else := container.name
