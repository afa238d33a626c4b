# METADATA
# title: Capabilities not dropped
# description: >-
#   Finds containers that do not drop ALL capabilities, written in whatever case, since the container runtimes
#   read it in any. Privileged containers are left to CI201; Windows has no capabilities.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, Capabilities
#   - ref: https://man7.org/linux/man-pages/man7/capabilities.7.html
#     description: Linux, capabilities
# custom:
#   id: CI205
#   severity: low
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline has what the runtime grants to root by default, such as raw packets to
#     neighbours and changing the owner of any file of a shared volume.
#   help: >-
#     Set capabilities.drop: [ALL] and add back only what the build needs.
package podgate.ci.caps_not_dropped

import future.keywords.not
import rego.v1

violation contains {"msg": msg, "details": details} if {
	some gap in data.lib.podgate.hardening.open
	not _drops_all(gap.container.spec)
	not data.lib.podgate.pod.partial
	msg = sprintf("%v keeps the capabilities that the runtime grants by default", [gap.called])
	details := {"path": gap.at, "container": gap.container.name}
}

_drops_all(body) if {
	is_array(body.securityContext.capabilities.drop)
	some name in body.securityContext.capabilities.drop
	is_string(name)
	upper(name) == "ALL"
}
