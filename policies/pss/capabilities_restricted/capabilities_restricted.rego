# METADATA
# title: Capabilities kept or added
# description: >-
#   Finds containers that do not drop all capabilities, and capabilities added other than NET_BIND_SERVICE. The
#   check came with version 1.22; from 1.25 on it spares pods for Windows.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Kubernetes, Pod Security Standards
#   - ref: https://man7.org/linux/man-pages/man7/capabilities.7.html
#     description: Linux, capabilities(7)
# custom:
#   id: PSS-capabilities_restricted
#   name: capabilities_restricted
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
#     Whoever edits the pipeline is root with the default capabilities: they read packets of others, change
#     owners of files, and need one fault of the kernel to leave the container.
#   help: >-
#     Set capabilities.drop to [ALL], and add no more than NET_BIND_SERVICE.
package podgate.pss.capabilities_restricted

import rego.v1

import data.lib.podgate.pod
import data.lib.podgate.pss

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.pss.capabilities_kept
	msg := sprintf("%v must drop the capability ALL", [found.label.called])
	at := concat("", [found.label.at, _fields[found.how]])
	details := {"path": at, "container": found.label.name}
}

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.pss.capabilities_beyond_restricted
	msg = sprintf(`%v must not add the capability "%v"`, [pod.called(found.container), found.capability])
	details = pss.in_context(found.container, sprintf("capabilities/add/%v", [found.index]))
}

_fields := {"missing": "", "set": "/securityContext/capabilities/drop"}
