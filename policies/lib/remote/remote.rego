# The addresses of daemons that containers are told by their environment.
package lib.podgate.remote

import data.lib.podgate.command
import data.lib.podgate.environment

import future.keywords.not
import rego.v1

# Each such address. Docker over TCP has a policy of its own.
addresses := [address |
	some variable in data.lib.podgate.environment.variables
	variable.name in _names
	said = _said(variable)
	address := object.union(said, {"variable": variable})
]

# Variables by which a server gives every privilege to whatever carries one of the images that they name.
escalations := [variable |
	some variable in data.lib.podgate.environment.variables
	variable.name in _escalating
	_names_images(variable.body)
]

# An empty list gives nothing away.
_names_images(body) if {
	is_object(body.valueFrom)
} else if {
	object.get(body, "value", "") != ""
}

_escalating := {"DRONE_RUNNER_PRIVILEGED_IMAGES", "WOODPECKER_ESCALATE", "WOODPECKER_PLUGINS_PRIVILEGED"}

_names := {
	"BUILDKIT_HOST",
	"CONTAINERD_ADDRESS",
	"CONTAINER_HOST",
	"CONTAINER_RUNTIME_ENDPOINT",
	"DOCKER_HOST",
	"TESTCONTAINERS_DOCKER_SOCKET_OVERRIDE",
	"TESTCONTAINERS_HOST_OVERRIDE",
}

_said(variable) := said if {
	value = variable.body.value
	is_string(value)
	value != ""
	said = _judged(variable, value, environment.expanded(variable.container, value))
} else := {"field": "/valueFrom", "severity": "info", "text": "an address that is not seen here"} if {
	is_object(variable.body.valueFrom)
	variable.name != "DOCKER_HOST"
}

_judged(variable, value, meant) := {"field": "/value", "severity": "info", "text": value} if {
	variable.name == "TESTCONTAINERS_HOST_OVERRIDE"
} else := {"field": "/value", "severity": _local, "text": text} if {
	strings.any_prefix_match(lower(meant), ["/", "npipe:", "unix:"])
	text := sprintf("%v%v", [value, _local_note])
} else := {"field": "/value", "severity": "medium", "text": sprintf("%v, without TLS", [value])} if {
	strings.any_prefix_match(lower(meant), ["http:", "tcp:"])
	variable.name != "DOCKER_HOST"
	not _tls(variable.container)
} else := {"field": "/value", "severity": "info", "text": value} if {
	variable.name != "DOCKER_HOST"
}

# A socket that may be one of the node's.
_local := "medium" if {
	count(data.lib.podgate.escape.sockets) > 0
} else := "info"

_local_note := ", and a socket of the node is mounted" if {
	count(data.lib.podgate.escape.sockets) > 0
} else := ""

# Certificates, by a variable or by an option. Of two variables with one name the last counts.
_tls(container) if {
	is_array(container.spec.env)
	variables := [variable |
		some i, variable in container.spec.env
		is_string(variable.name)
		strings.any_suffix_match(variable.name, ["_CACERT", "_CERT_PATH", "_TLS_CA", "_TLS_CERT", "_TLS_VERIFY", "_TLSDIR"])
		object.get(variable, "value", "") != ""
		count([j | some j, later in container.spec.env; j > i; later.name == variable.name]) == 0
	]
	count(variables) > 0
} else if {
	options := [word |
		some word in command.words_of(container)
		startswith(word.text, "--tls")
	]
	count(options) > 0
}
