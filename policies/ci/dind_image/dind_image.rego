# METADATA
# title: Daemon image without privilege
# description: >-
#   Finds images that run a container daemon and cannot work as the manifest stands, since they are not privileged
#   in it: their privilege comes from elsewhere.
# related_resources:
#   - ref: https://hub.docker.com/_/docker
#     description: Docker Hub, the docker image and its dind variant
#   - ref: https://github.com/moby/buildkit/blob/master/docs/rootless.md
#     description: BuildKit, rootless mode
# custom:
#   id: CI501
#   severity: medium
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline gets a privileged daemon from a template, a patch or a runner's settings,
#     without a word of it in the file that is reviewed.
#   help: >-
#     Build with rootless BuildKit, Buildah or a builder without a daemon, and look for what makes this container
#     privileged.
package podgate.ci.dind_image

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some daemon in data.lib.podgate.daemon.powerless
	called := pod.called(daemon.container)
	said := sprintf("%v runs a container daemon (%v), which needs privilege", [called, daemon.image.reference])
	msg = sprintf("%v: it comes from elsewhere than this manifest", [said])
	at := pod.pointer(daemon.container, "image")
	details := {"path": at, "container": daemon.container.name}
}
