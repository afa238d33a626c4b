# METADATA
# title: Root by manifest
# description: >-
#   Finds containers that the manifest makes root: runAsUser is 0, or runAsNonRoot is false and no user is named.
#   What a container says wins over what the pod says. With hostUsers: false it is low.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, Running as Non-root
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
# custom:
#   id: CI401
#   severity: medium
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline is root in the container, and every fault in the runtime or the kernel, and
#     every mounted path, is open to root first.
#   help: >-
#     Set runAsNonRoot: true and a runAsUser of 1000 or more.
package podgate.ci.root_explicit

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some user in data.lib.podgate.user.roots
	msg = sprintf("%v %v", [pod.called(user.container), _texts[user.state]])
	severity := _severities[user.state]
	details := {"path": user.at, "container": user.container.name, "severity": severity}
}

_texts := {
	"flag": "is let run as root (runAsNonRoot: false), and its image decides",
	"may": "may run as root (runAsNonRoot: false): only its runAsUser stands against that",
	"root": "runs as root",
}

# Root in a user namespace is nobody on the node, where the node supports it.
_severities := {"flag": "low", "may": "low", "root": "low"} if {
	data.lib.podgate.pod.user_namespace
} else := {"flag": "medium", "may": "low", "root": "medium"}
