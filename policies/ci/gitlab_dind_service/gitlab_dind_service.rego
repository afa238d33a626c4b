# METADATA
# title: Job that needs a privileged runner
# description: >-
#   Finds jobs of GitLab pipelines with a container daemon, such as docker:dind, as image or service: they run
#   only where the runner makes every container of every job privileged.
# related_resources:
#   - ref: https://docs.gitlab.com/ci/docker/using_docker_build/
#     description: GitLab, building images with Docker
#   - ref: https://docs.gitlab.com/runner/executors/kubernetes/
#     description: GitLab Runner, Kubernetes executor
# custom:
#   id: CI704
#   severity: medium
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Since this job needs it, the runner makes all containers of all jobs privileged, so whoever may push to
#     any project with that runner mounts the node's disk.
#   help: >-
#     Build with rootless BuildKit or Buildah, and take privileged from the runner.
package podgate.ci.gitlab_dind_service

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some daemon in data.lib.podgate.daemon.needy
	some note in data.lib.podgate.notes.settings
	note.name == "gitlab-job"
	said := sprintf("%v runs a container daemon (%v)", [pod.called(daemon.container), daemon.image.reference])
	msg = sprintf("%v: the job needs a runner that makes every container of every job privileged", [said])
	at := pod.pointer(daemon.container, "image")
	details := {"path": at, "container": daemon.container.name}
}
