# METADATA
# title: Processes of the node
# description: >-
#   Finds pods that see the processes of the node (hostPID). With a privileged container, SYS_PTRACE or
#   SYS_ADMIN it is critical.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, Host Namespaces
# custom:
#   id: CI301
#   severity: high
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline reads secrets from the environment of other processes and, with one more
#     privilege, enters a process of the node as root.
#   help: >-
#     Remove hostPID.
package podgate.ci.host_pid

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some field in data.lib.podgate.pod.host_namespaces
	field == "hostPID"
	msg = sprintf("the pod sees every process of the node%v", [_consequence.text])
	fix := [{"op": "remove", "path": "/spec/hostPID"}]
	severity := _consequence.severity
	details := {"path": "/spec/hostPID", "severity": severity, "fix": fix}
}

_consequence := {"severity": "critical", "text": ", and a privileged container can enter them"} if {
	count(data.lib.podgate.pod.privileged) > 0
} else := {"severity": "critical", "text": text} if {
	strong := [added.written |
		some added in data.lib.podgate.pod.capabilities
		added.name in {"ALL", "SYS_ADMIN", "SYS_PTRACE"}
	]
	count(strong) > 0
	text := sprintf(", and a container with %v can enter them", [strong[0]])
} else := {"severity": "high", "text": ""}
