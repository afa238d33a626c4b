# METADATA
# title: Runner that makes the containers of all jobs privileged
# description: >-
#   Finds settings of GitLab Runner that make containers of every job privileged: for all of them, for one kind
#   of them, or with the executor for Docker; and the variable or option by which
#   a runner registers itself so.
# related_resources:
#   - ref: https://docs.gitlab.com/runner/executors/kubernetes/
#     description: GitLab Runner, Kubernetes executor
#   - ref: https://docs.gitlab.com/runner/configuration/advanced-configuration/
#     description: GitLab Runner, all settings
# custom:
#   id: CI701
#   severity: critical
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever may push to any project with that runner mounts the node's disk in a job, and reads what all other
#     jobs on the node have.
#   help: >-
#     Set privileged to false, and build images with rootless BuildKit or Buildah.
package podgate.ci.gitlab_privileged

import rego.v1

import data.lib.podgate.pod
import data.lib.podgate.registration

violation contains {"msg": msg, "details": details} if {
	some note in data.lib.podgate.notes.settings
	note.name == "gitlab-privileged"
	containers := concat(", ", note.values)
	msg = sprintf("the runner makes containers of every job privileged (%v)", [containers])
	details := {"pointer": note.pointer}
}

violation contains {"msg": msg, "details": details} if {
	some setting in data.lib.podgate.registration.settings
	what = _switched[replace(lower(setting.name), "_", "-")]
	lower(setting.value) in {"1", "t", "true"}
	called := pod.called(setting.container)
	msg = sprintf("%v registers a runner that makes %v of every job privileged", [called, what])
	details := setting.details
}

violation contains {"msg": msg, "details": details} if {
	some option in data.lib.podgate.registration.options
	what = _switched[option.name]
	registration.is_on(option)
	container := option.container
	msg = sprintf("%v registers a runner that makes %v of every job privileged", [pod.called(container), what])
	at := pod.pointer(container, option.field)
	details := object.union({"path": at, "container": container.name}, registration.place(option))
}

# What an option makes privileged, or the variable of the same name.
_switched := {
	"docker-privileged": "all containers",
	"docker-services-privileged": "all services",
	"kubernetes-privileged": "all containers",
}
