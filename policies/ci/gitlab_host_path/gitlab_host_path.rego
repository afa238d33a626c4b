# METADATA
# title: Runner that gives every job a place on the node
# description: >-
#   Finds hostPath volumes in the settings of GitLab Runner that are the socket of a container runtime or hold
#   one, or that a variable of the job decides: they are in the build, the helper and every service of every
#   job.
# related_resources:
#   - ref: https://docs.gitlab.com/runner/executors/kubernetes/#configure-volume-types
#     description: GitLab Runner, types of volumes
#   - ref: https://docs.gitlab.com/runner/executors/kubernetes/
#     description: GitLab Runner, Kubernetes executor
# custom:
#   id: CI702
#   severity: critical
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever may push to any project with that runner asks the socket for a privileged container with the
#     node's disk.
#   help: >-
#     Remove the volume. For caches use an empty_dir or a claim.
package podgate.ci.gitlab_host_path

import data.lib.podgate.node
import data.lib.podgate.path
import data.lib.podgate.pod
import data.lib.podgate.registration

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some note in data.lib.podgate.notes.settings
	note.name == "gitlab-host-path"
	some text in note.values
	verdict = _verdict(text)
	msg = sprintf("%v of the node%v, in every container of every job", [verdict.what, _because(note)])
	details := {"pointer": note.pointer, "severity": verdict.severity}
}

violation contains {"msg": msg, "details": details} if {
	some option in data.lib.podgate.registration.options
	option.name == "docker-volumes"
	value := {true: option.next, false: option.value}[option.value == ""]
	host := split(value, ":")[0]
	node.judge(path.read(host), "").class in {"parent", "socket"}
	container := option.container
	text := "%v registers a runner with %v, which is or holds a runtime socket of the node, in every container of every job"
	msg = sprintf(text, [pod.called(container), host])
	details := object.union(
		{"path": pod.pointer(container, option.field), "container": container.name, "severity": "critical"},
		registration.place(option),
	)
}

# What a place is; undefined for places that other policies tell of.
_verdict(text) := {"what": sprintf("a place that a variable decides (%v)", [text]), "severity": "high"} if {
	contains(text, "$")
} else := {"what": sprintf("%v, which is or holds a runtime socket", [text]), "severity": "critical"} if {
	node.judge(path.read(text), "").class in {"parent", "socket"}
}

_because(note) := ": without `host_path` it is the `mount_path`" if {
	note.field == "mount_path"
} else := ""
