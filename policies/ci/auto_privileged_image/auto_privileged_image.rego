# METADATA
# title: Image made privileged by its name
# description: >-
#   Finds plugin images that Drone and Woodpecker start privileged because of their name, and the settings by
#   which their servers do so.
# related_resources:
#   - ref: https://docs.drone.io/runner/docker/configuration/reference/drone-runner-privileged-images/
#     description: Drone, DRONE_RUNNER_PRIVILEGED_IMAGES
#   - ref: https://woodpecker-ci.org/docs/administration/configuration/server
#     description: Woodpecker, server settings
# custom:
#   id: CI502
#   severity: medium
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline uses the image by its name, gets a privileged container, and runs what they like
#     in it.
#   help: >-
#     Publish images with a plugin that needs no privilege, and empty the list of privileged images.
package podgate.ci.auto_privileged_image

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some image in data.lib.podgate.image.auto_privileged
	called := pod.called(image.container)
	msg = sprintf("%v uses %v, which CI servers start privileged by its name", [called, image.reference])
	at := pod.pointer(image.container, "image")
	details := {"path": at, "container": image.container.name}
}

violation contains {"msg": msg, "details": details} if {
	some variable in data.lib.podgate.remote.escalations
	called := pod.called(variable.container)
	msg = sprintf("%v makes steps privileged by the name of their image (%v)", [called, variable.name])
	at := pod.pointer(variable.container, sprintf("env/%v", [variable.index]))
	details := {"path": at, "container": variable.container.name}
}
