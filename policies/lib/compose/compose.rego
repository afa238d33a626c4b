# Services of Docker Compose whose file a script writes or hands over itself, as far as single lines tell.
package lib.podgate.compose

import data.lib.podgate.option

import future.keywords.not
import rego.v1

# Each line by which such a service reaches the node.
given := [entry |
	count(_composing) > 0
	some found in data.lib.podgate.command.commands
	found.of in _composing
	not found.mention
	options = _options([word.text | some word in found.words])
	count(option.reaching(array.concat(["run"], options))) > 0
	word := found.words[0]
	entry := {
		"container": found.container,
		"field": sprintf("%v/%v", [word.field, word.index]),
		"line": found.line,
		"what": sprintf("docker compose with %v", [concat(" ", options)]),
	}
]

# Containers that run Compose on what they are given in the script.
_composing := {found.of |
	some found in data.lib.podgate.command.commands
	strings.replace_n({"docker compose ": "", "docker-compose ": ""}, found.text) != found.text
	not found.mention
}

# A line of a service as an option of `docker run`.
_options(texts) := ["-v", texts[1]] if {
	texts[0] == "-"
	count(texts) == 2
} else := ["--privileged"] if {
	texts == ["privileged:", "true"]
} else := [name, "host"] if {
	count(texts) == 2
	texts[1] == "host"
	name = _names[texts[0]]
}

_names := {"ipc:": "--ipc", "network_mode:": "--network", "pid:": "--pid", "userns_mode:": "--userns"}
