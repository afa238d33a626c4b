# METADATA
# title: Privileged runner that takes any image
# description: >-
#   Finds settings of GitLab Runner that make containers privileged and let jobs choose any image or service for
#   them.
# related_resources:
#   - ref: https://docs.gitlab.com/runner/executors/kubernetes/#restrict-docker-images-and-services
#     description: GitLab Runner, restricting images and services
#   - ref: https://docs.gitlab.com/runner/executors/kubernetes/
#     description: GitLab Runner, Kubernetes executor
# custom:
#   id: CI703
#   severity: medium
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline names an image of his own, which the runner starts with every privilege on the
#     node.
#   help: >-
#     Set allowed_images and allowed_services to the registry of your own, and privileged to false.
package podgate.ci.gitlab_open_images

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some note in data.lib.podgate.notes.settings
	note.name == "gitlab-open-images"
	open := concat(" and ", note.values)
	msg = sprintf("containers are privileged, and jobs choose their images: %v do not say which", [open])
	details := {"pointer": note.pointer}
}
