# Options that take BuildKit's walls down.
package lib.podgate.buildkit

import data.lib.podgate.command

import future.keywords.not
import rego.v1

# Every such option, in command, args or BUILDKITD_FLAGS.
insecure := [option |
	some place in array.concat(_commands, _variables)
	padded := array.concat(place.words, [{"text": ""}])
	some i, word in place.words
	startswith(word.text, "--")
	found = _option(word.text, padded[i + 1].text, place.container)
	field := sprintf("%v/%v", [word.field, word.index])
	option := object.union(found, {"container": place.container, "field": field})
]

_commands := [found |
	some found in data.lib.podgate.command.commands
	strings.replace_n({" --allow": "", " --oci-worker": ""}, found.text) != found.text
	not found.mention
]

_variables := [place |
	some variable in data.lib.podgate.environment.variables
	variable.name == "BUILDKITD_FLAGS"
	is_string(variable.body.value)
	words := [word |
		some text in split(variable.body.value, " ")
		word := {"field": sprintf("env/%v", [variable.index]), "index": "value", "text": text}
	]
	place := {"container": variable.container, "words": words}
]

_option(text, next, container) := {"severity": "high", "text": trim_space(said)} if {
	text == "--allow-insecure-entitlement"
	said := sprintf("%v %v", [text, next])
} else := {"severity": "high", "text": text} if {
	startswith(text, "--allow-insecure-entitlement=")
} else := {"severity": "high", "text": said} if {
	text == "--allow"
	strings.any_prefix_match(next, _entitlements)
	said := sprintf("%v %v", [text, next])
} else := {"severity": "high", "text": text} if {
	startswith(text, "--allow=")
	count([name | some name in _entitlements; contains(text, name)]) > 0
} else := {"severity": "low", "text": text} if {
	text in {"--oci-worker-no-process-sandbox", "--oci-worker-no-process-sandbox=true"}
	not _rootless(container)
}

_entitlements := ["device", "network.host", "security.insecure"]

# Without root there is nothing in the sandbox's place that could be taken.
_rootless(container) if {
	is_string(container.spec.image)
	contains(lower(container.spec.image), "rootless")
} else if {
	runners := [word |
		some word in command.words_of(container)
		contains(word.text, "rootlesskit")
	]
	count(runners) > 0
}
