# What a runner of GitLab's is told when it registers itself: the options of `gitlab-runner register`.
package lib.podgate.registration

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

# The place of one in details. In a script of several lines that is one of them.
place(option) := {} if {
	option.line == ""
} else := {"line": option.line}
