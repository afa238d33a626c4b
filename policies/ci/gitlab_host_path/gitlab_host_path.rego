# METADATA
# title: Runner that gives every job a place on the node
# description: >-
#   Finds hostPath volumes in the settings of GitLab Runner that are the socket of a container runtime or hold
#   one, or that a variable of the job decides: they are in the build, the helper and every service of every
#   job. In the variables of GitLab Runner, Drone and Woodpecker it finds such a socket.
# related_resources:
#   - ref: https://docs.gitlab.com/runner/executors/kubernetes/#configure-volume-types
#     description: GitLab Runner, types of volumes
#   - ref: https://docs.gitlab.com/runner/executors/kubernetes/
#     description: GitLab Runner, Kubernetes executor
#   - ref: https://docs.drone.io/runner/docker/configuration/reference/drone-runner-volumes/
#     description: Drone, DRONE_RUNNER_VOLUMES
#   - ref: https://woodpecker-ci.org/docs/administration/configuration/backends/docker
#     description: Woodpecker, Docker backend
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

import future.keywords.not
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

violation contains {"msg": msg, "details": details} if {
	some setting in data.lib.podgate.registration.settings
	setting.name in _mounting

	# Options for `docker run` are a script's own.
	not startswith(setting.value, "-")
	some volume in split(strings.replace_n({"\n": ",", "\t": ",", " ": ","}, setting.value), ",")
	host := split(volume, ":")[0]
	node.judge(path.read(host), "").class in {"parent", "socket"}
	text := "%v mounts %v, which is or holds a runtime socket, into every container of every job (%v)"
	msg = sprintf(text, [pod.called(setting.container), host, setting.name])
	details := object.union(setting.details, {"severity": "critical"})
}

# Lists of volumes: of GitLab's runner with Docker, Drone's runner, Woodpecker's agent and its server.
_mounting := {
	"DOCKER_VOLUMES",
	"DRONE_RUNNER_VOLUMES",
	"WOODPECKER_BACKEND_DOCKER_VOLUMES",
	"WOODPECKER_VOLUME",
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
