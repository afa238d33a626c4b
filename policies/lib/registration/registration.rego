# What a runner is told of its jobs: the options of `gitlab-runner register`, and variables of its container.
package lib.podgate.registration

import data.lib.podgate.environment
import data.lib.podgate.pod

import future.keywords.not
import rego.v1

# Each of those for its executor, with its name in one spelling, what stands behind `=`, the word behind it, and its
# place.
options := [option |
	some found in data.lib.podgate.command.commands
	strings.replace_n({" register": "", " run-single": ""}, found.text) != found.text
	not found.mention
	verbs := [i | some i, word in found.words; word.text in {"register", "run-single"}]
	count(verbs) > 0
	padded := array.concat(found.words, [{"text": ""}])
	some i, word in found.words
	i > verbs[0]
	startswith(word.text, "-")
	parts := split(trim_left(word.text, "-"), "=")
	name := replace(parts[0], "_", "-")
	strings.any_prefix_match(name, ["docker-", "kubernetes-"])
	option := {
		"container": found.container,
		"field": sprintf("%v/%v", [word.field, word.index]),
		"line": found.line,
		"name": name,
		"value": concat("=", array.slice(parts, 1, count(parts))),
		"next": padded[i + 1].text,
	}
]

# Whether an option without a value of its own is on: it takes none from the next word.
is_on(option) if not lower(option.value) in {"0", "f", "false"}

# Each variable that may be such a setting, with its value and its place in details.
settings := [setting |
	some variable in data.lib.podgate.environment.variables
	is_string(variable.body.value)
	not _is_job
	container := variable.container
	setting := {
		"container": container,
		"name": variable.name,
		"value": environment.expanded(container, variable.body.value),
		"details": {
			"path": pod.pointer(container, sprintf("env/%v/value", [variable.index])),
			"container": container.name,
		},
	}
]

# A variable of a job changes nothing of its runner.
_is_job if {
	some note in data.lib.podgate.notes.settings
	note.name == "gitlab-job"
}

# The place of an option in details. In a script of several lines that is one of them.
place(option) := {} if {
	option.line == ""
} else := {"line": option.line}
