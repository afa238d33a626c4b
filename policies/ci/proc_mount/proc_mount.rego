# METADATA
# title: Unmasked proc
# description: >-
#   Finds containers whose procMount is Unmasked, in any case, or anything else but Default. With user
#   namespaces (hostUsers: false) it is medium instead of high.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#proc-access
#     description: Kubernetes, access to /proc
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, /proc Mount Type
# custom:
#   id: CI206
#   severity: high
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline reads the node's memory and keys from files in /proc that are hidden
#     otherwise, and as root writes settings of the node's kernel there.
#   help: >-
#     Leave procMount out.
package podgate.ci.proc_mount

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some setting in data.lib.podgate.hardening.settings
	setting.field == "procMount"
	written := sprintf("%v", [setting.value])
	lower(trim_space(written)) != "default"
	verdict := _verdict
	msg = sprintf("%v has procMount %v: %v", [setting.called, written, verdict.text])
	fix := [{"op": "remove", "path": setting.at}]
	found := {"path": setting.at, "severity": verdict.severity, "fix": fix}
	details := object.union(found, setting.owner)
}

_verdict := {"severity": "medium", "text": text} if {
	data.lib.podgate.pod.user_namespace
	text := "what /proc hides is open to it, as far as the user namespace does not confine it"
} else := {"severity": "high", "text": "what /proc hides of the node's kernel is open to it"}
