# The environment variables that lead to a daemon or make one mighty, and those by which a runner gives jobs the node.
package lib.podgate.environment

import future.keywords.not
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
	"DOCKER_IN_DOCKER_ENABLED",
	"DOCKER_PRIVILEGED",
	"DOCKER_SERVICES_PRIVILEGED",
	"DOCKER_TLS_CERTDIR",
	"DOCKER_VOLUMES",
	"DRONE_RUNNER_PRIVILEGED_IMAGES",
	"DRONE_RUNNER_VOLUMES",
	"KUBERNETES_PRIVILEGED",
	"TESTCONTAINERS_DOCKER_SOCKET_OVERRIDE",
	"TESTCONTAINERS_HOST_OVERRIDE",
	"WOODPECKER_BACKEND_DOCKER_VOLUMES",
	"WOODPECKER_ESCALATE",
	"WOODPECKER_PLUGINS_PRIVILEGED",
	"WOODPECKER_VOLUME",
}

# A value with the variables of the container in it that Kubernetes puts in, three levels deep. Of two variables with
# one name the last counts.
expanded(container, value) := value if {
	not contains(value, "$(")
} else := strings.replace_n(values, strings.replace_n(values, strings.replace_n(values, value))) if {
	is_array(container.spec.env)
	values := {key: text |
		some i, variable in container.spec.env
		is_string(variable.name)
		count([j | some j, later in container.spec.env; j > i; later.name == variable.name]) == 0
		key := sprintf("$(%v)", [variable.name])
		text = _text(variable)
	}
} else := value

# An address of the node gets a name that no other has.
_text(variable) := variable.value if {
	is_string(variable.value)
} else := "node.podgate.invalid" if {
	variable.valueFrom.fieldRef.fieldPath in {"status.hostIP", "status.hostIPs"}
} else := "localhost" if {
	variable.valueFrom.fieldRef.fieldPath in {"status.podIP", "status.podIPs"}
}
