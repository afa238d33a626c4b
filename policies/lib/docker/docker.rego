# The ways to a Docker daemon over TCP without TLS.
package lib.podgate.docker

import data.lib.podgate.command
import data.lib.podgate.daemon
import data.lib.podgate.environment
import data.lib.podgate.pod

import future.keywords.not
import rego.v1

# Every place where a pod opens or uses the Docker API over TCP without TLS.
endpoints := array.concat(_variables, array.concat(_scripts, _ports))

_variables := [endpoint |
	some variable in data.lib.podgate.environment.variables
	variable.name in {"DOCKER_HOST", "DOCKER_TLS_CERTDIR"}
	verdict = _variable(variable.container, variable.body)
	endpoint := _endpoint(variable.container, sprintf("env/%v%v", [variable.index, verdict.field]), verdict)
]

# Most commands and words name no daemon at all, and are left after one look.
_scripts := [endpoint |
	some found in data.lib.podgate.command.commands
	strings.replace_n(_told, found.text) != found.text
	not _only_told(found)
	some i, word in found.words
	text := lower(word.text)
	_telling(text, found.words, i)
	not contains(text, " ")
	verdict = _word(found, word, i)
	endpoint := _endpoint(found.container, sprintf("%v/%v", [word.field, word.index]), verdict)
]

# Whether a command only prints or searches its words, and does not write them to a file that may be read as settings.
_only_told(found) if {
	found.mention
	count([word | some word in found.words; startswith(word.text, ">")]) == 0
}

# Some of these are in every command with a word that tells something.
_told := {" --host": "", " -h": "", "--tls=false": "", "docker_": "", "tcp:": ""}

_telling(text, words, i) if {
	(indexof(text, "tcp:") + indexof(text, "docker_")) + indexof(text, "--tls=false") > -3
} else if {
	strings.any_prefix_match(text, ["-h", "--host="])
} else if words[i - 1].text in {"--host", "-H"}

_ports := [endpoint |
	some named in data.lib.podgate.pod.ports
	field = _daemon_port(named.port)
	verdict := {"severity": _port_severity(named.port), "text": "opens port 2375, the Docker API without TLS"}
	endpoint := _endpoint(named.container, sprintf("ports/%v/%v", [named.index, field]), verdict)
]

_endpoint(container, field, verdict) := {
	"container": container,
	"text": verdict.text,
	"details": {
		"path": pod.pointer(container, field),
		"container": container.name,
		"severity": verdict.severity,
	},
}

# What a variable says of the daemon; undefined where it is harmless.
_variable(container, variable) := object.union(verdict, {"field": "/value"}) if {
	variable.name == "DOCKER_HOST"
	verdict = _address(container, variable.value)
} else := object.union(verdict, {"field": "/valueFrom"}) if {
	variable.name == "DOCKER_HOST"
	is_object(variable.valueFrom)
	verdict := _source(variable.valueFrom)
} else := object.union(_no_certificates, {"field": field}) if {
	variable.name == "DOCKER_TLS_CERTDIR"
	object.get(variable, "value", "") in {"", null}
	not is_object(variable.valueFrom)
	daemon.evidence(container)
	field := _value_field(variable)
}

# A variable without a value is as empty as one with an empty text.
_value_field(variable) := "/value" if {
	is_string(variable.value)
} else := ""

# What a word of a command says; undefined where it is harmless.
_word(found, word, i) := verdict if {
	startswith(lower(word.text), "docker_host=")
	value := substring(word.text, 12, -1)
	not startswith(value, "$")
	verdict = _address(found.container, value)
} else := verdict if {
	value = _host_option(found.words, i)
	daemon.speaks_docker(found.container)
	verdict = _address(found.container, value)
} else := verdict if {
	value = _context(found.words, i)
	verdict = _address(found.container, value)
} else := _no_certificates if {
	lower(word.text) in {"--tls=false", "docker_tls_certdir="}
	daemon.evidence(found.container)
}

# The daemon of `docker context create`, unless it is told by which certificate it is asked.
_context(words, i) := split(trim_prefix(text, "host="), ",")[0] if {
	text := trim_prefix(words[i].text, "--docker=")
	startswith(text, "host=")
	not contains(text, "cert=")
	_is_of_context(words, i)
}

_is_of_context(words, i) if {
	startswith(words[i].text, "--docker=")
} else if {
	words[i - 1].text == "--docker"
}

# The value of -H or --host, in one word or two.
_host_option(words, i) := value if {
	text := lower(words[i].text)
	strings.any_prefix_match(text, ["--host=tcp:", "-h=tcp:", "-htcp:"])
	value := substring(text, indexof(text, "tcp:"), -1)
} else := words[i].text if {
	startswith(lower(words[i].text), "tcp:")
	words[i - 1].text in {"--host", "-H"}
} else := words[i].text if {
	words[i - 1].text in {"--host", "-H"}
	_is_global(words, i - 1)
} else := trim_left(substring(words[i].text, 2, -1), "=") if {
	startswith(words[i].text, "-H")
	words[i].text != "-H"
	_is_global(words, i)
} else := substring(words[i].text, 7, -1) if {
	startswith(words[i].text, "--host=")
	_is_global(words, i)
}

# Whether an option is one of Docker's daemon, or stands before the client's first argument: other programs have an
# -H of their own. A list of options alone goes to the program of the image.
_is_global(words, i) if {
	daemons := [word |
		some word in array.slice(words, 0, i)
		command.program(word.text) in {"dockerd", "dockerd-entrypoint.sh"}
	]
	count(daemons) > 0
} else if {
	arguments := [word.text | some word in array.slice(words, 0, i); not startswith(word.text, "-")]
	command.program(arguments[count(arguments) - 1]) == "docker"
} else if {
	startswith(words[0].text, "-")
}

_no_certificates := {
	"severity": _severities.high,
	"text": "turns TLS off, so that its Docker daemon listens to everybody on port 2375",
}

_source(source) := {
	"severity": "critical",
	"text": "takes the node's address for DOCKER_HOST, and so drives the node's Docker daemon",
} if {
	source.fieldRef.fieldPath in {"status.hostIP", "status.hostIPs"}
} else := {
	"severity": _severities.medium,
	"text": "takes the pod's own address for DOCKER_HOST, and so drives a Docker daemon without TLS",
} if {
	source.fieldRef.fieldPath in {"status.podIP", "status.podIPs"}
} else := {
	"severity": "low",
	"text": "takes DOCKER_HOST from elsewhere: it cannot be told whether TLS guards the Docker daemon there",
}

# What DOCKER_HOST or --host say; undefined where it is no TCP address or TLS guards it.
_address(container, written) := verdict if {
	is_string(written)
	value := environment.expanded(container, trim_space(written))
	address = _tcp(lower(value))
	_plain(container, address)
	text := sprintf("uses the Docker API without TLS at %v", [_shown(written)])
	verdict := {"severity": _severity(container, address), "text": text}
} else := verdict if {
	is_string(written)
	value := environment.expanded(container, trim_space(written))
	startswith(value, "$")
	text := sprintf("uses a Docker daemon at %v: it cannot be told whether TLS guards it", [_shown(written)])
	verdict := {"severity": "low", "text": text}
}

# An address for a message: what stands before the `@` may be a password.
_shown(written) := written if {
	not contains(written, "@")
} else := sprintf("%v%v", [scheme, rest[count(rest) - 1]]) if {
	strings.any_prefix_match(lower(written), ["tcp://", "http://"])
	scheme := substring(written, 0, indexof(written, "://") + 3)
	rest := split(written, "@")
} else := rest[count(rest) - 1] if {
	rest := split(written, "@")
}

# Host and port of an address; Docker reads a bare host as TCP, too.
_tcp(value) := split(trim_left(substring(value, 4, -1), "/"), "/")[0] if {
	startswith(value, "tcp:")
} else := split(trim_prefix(value, "http://"), "/")[0] if {
	startswith(value, "http://")
} else := value if {
	value != ""
	not contains(value, "/")
	not startswith(value, "$")
	not strings.any_prefix_match(value, ["fd:", "npipe:", "ssh:", "unix:"])
}

_plain(container, address) if {
	strings.any_suffix_match(address, [":2375", ":4243"])
} else if {
	not _tls(container)
}

# Of two variables with one name the last counts.
_tls(container) if {
	is_array(container.spec.env)
	variables := [variable |
		some i, variable in container.spec.env
		variable.name in {"DOCKER_CERT_PATH", "DOCKER_TLS", "DOCKER_TLS_CERTDIR", "DOCKER_TLS_VERIFY"}
		_filled(container, variable)
		count([j | some j, later in container.spec.env; j > i; later.name == variable.name]) == 0
	]
	count(variables) > 0
} else if {
	options := [word |
		some word in command.words_of(container)
		strings.any_prefix_match(word.text, ["--tls", "DOCKER_TLS_VERIFY="])
		word.text != "--tls=false"
	]
	count(options) > 0
}

_filled(container, variable) if {
	is_object(variable.valueFrom)
} else if {
	is_string(variable.value)
	environment.expanded(container, variable.value) != ""
}

_severity(container, address) := _severities.medium if {
	strings.any_prefix_match(address, ["localhost", "127.", "[::1]", "::1"])
} else := "critical" if {
	names := [name | some name in _node_names; contains(address, name)]
	count(names) > 0
} else := _severities.medium if {
	strings.any_prefix_match(address, ["0.0.0.0", "[::]", ":"])
	not daemon.evidence(container)
} else := _severities.high

_node_names := ["node.podgate.invalid", "host_ip", "node_ip", "hostip", "nodeip"]

# On the node's network everything is the node's.
_severities := {"high": "critical", "medium": "critical"} if {
	data.lib.podgate.pod.host_network
} else := {"high": "high", "medium": "medium"}

_daemon_port(port) := "hostPort" if {
	port.hostPort == 2375
} else := "containerPort" if {
	port.containerPort == 2375
}

_port_severity(port) := "critical" if {
	not object.get(port, "hostPort", 0) in {0, null}
} else := _severities.high
