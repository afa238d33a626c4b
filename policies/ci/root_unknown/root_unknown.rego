# METADATA
# title: User left to the image
# description: >-
#   Finds containers for which neither runAsUser nor runAsNonRoot is set, so that the image decides whether they
#   are root. With hostUsers: false it is info.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, Running as Non-root
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
# custom:
#   id: CI402
#   severity: low
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline picks an image, most of which run as root, and is root in the container.
#   help: >-
#     Set runAsNonRoot: true, and a runAsUser where the image names its user by name.
package podgate.ci.root_unknown

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some user in data.lib.podgate.user.unknown
	msg = sprintf("%v runs as whoever its image says, which mostly is root", [pod.called(user.container)])
	details := {"path": user.at, "container": user.container.name, "severity": _severity}
}

_severity := "info" if {
	data.lib.podgate.pod.user_namespace
} else := "low"
