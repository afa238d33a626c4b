# METADATA
# title: Command that goes for the node
# description: >-
#   Finds commands that take a build out to the node: docker run with privileges, or the node's files or network,
#   clients of a runtime's socket, nsenter into process 1, chroot into the node, mounting disks, ctr and crictl,
#   kubectl and helm that ask for the node. It is medium where the pod has neither a socket nor a privilege.
# related_resources:
#   - ref: https://docs.docker.com/reference/cli/docker/container/run/
#     description: Docker, docker run
#   - ref: https://man7.org/linux/man-pages/man1/nsenter.1.html
#     description: nsenter(1)
#   - ref: https://kubernetes.io/docs/tasks/debug/debug-cluster/kubectl-node-debug/
#     description: Kubernetes, kubectl debug node
# custom:
#   id: CI503
#   severity: high
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     The build does what an attacker would do, so whoever edits the pipeline only has to change the end of the
#     line.
#   help: >-
#     Remove the command, and the socket or privilege that it uses.
package podgate.ci.host_command

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some entry in data.lib.podgate.escape.commands
	msg = sprintf("%v runs a command that goes for the node: %v", [pod.called(entry.container), entry.what])
	at := pod.pointer(entry.container, entry.field)
	details := object.union(
		{"path": at, "container": entry.container.name, "severity": entry.severity},
		_line(entry.line),
	)
}

# In a script of several lines the command has its place in one of them.
_line(line) := {} if {
	line == ""
} else := {"line": line}
