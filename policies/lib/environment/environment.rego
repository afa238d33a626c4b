# The environment variables that lead to a daemon or make one mighty.
package lib.podgate.environment

import rego.v1

# Every such variable of a container, with its place.
variables := [variable |
	some container in data.lib.podgate.pod.containers
	is_array(container.spec.env)
	some i, body in container.spec.env
	name = body.name
	name in _names
	variable := {"container": container, "index": i, "name": name, "body": body}
]

_names := {
	"BUILDKITD_FLAGS",
	"BUILDKIT_HOST",
	"CONTAINERD_ADDRESS",
	"CONTAINER_HOST",
	"CONTAINER_RUNTIME_ENDPOINT",
	"DOCKER_HOST",
	"DOCKER_TLS_CERTDIR",
	"DRONE_RUNNER_PRIVILEGED_IMAGES",
	"TESTCONTAINERS_DOCKER_SOCKET_OVERRIDE",
	"TESTCONTAINERS_HOST_OVERRIDE",
	"WOODPECKER_ESCALATE",
	"WOODPECKER_PLUGINS_PRIVILEGED",
}
