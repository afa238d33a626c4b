# What scripts and functions are told: the arguments that `set --` puts in place, and those of calls of functions that
# hand them on.
package lib.podgate.argument

import data.lib.podgate.mention

import future.keywords.not
import rego.v1

# Each as a value that a variable gets: all of them `@`, and by itself the first one `1`.
sets := array.concat(
	[set | some told in _told; set := {"of": told.of, "sign": "@", "value": _all(told)}],
	[set |
		some told in _told
		not told.of in _shifting
		some i, text in array.slice(told.words, 0, 9)
		set := {"of": told.of, "sign": sprintf("%v", [i + 1]), "value": text}
	],
)

# Behind a `$` more may be options than up to the image: which are left behind `shift` is not known.
_all(told) := concat(" ", array.concat(front, told.words)) if {
	front := {true: ["", "$"], false: [""]}[told.of in _shifting]
}

_told := array.concat(_set, _called)

_set := [told |
	some found in data.lib.podgate.command.commands
	contains(found.text, " set -- ")
	at := [i | some i, word in found.words; word.text == "--"][0]
	told := {"of": found.of, "words": _words(found.words, at + 1)}
]

_called := [told |
	count(data.lib.podgate.command.passing) > 0
	some found in data.lib.podgate.command.commands
	at = _program(found.words)
	concat("", [found.of, found.words[at].text]) in data.lib.podgate.command.passing
	words := _words(found.words, at + 1)
	count(words) > 0

	# A definition of the function is no call.
	words[0] != "{"
	told := {"of": found.of, "words": words}
]

# Where the program of a command stands.
_program(words) := 0 if {
	not mention.leads(words[0].text)
} else := at if {
	at := [i | some i, word in array.slice(words, 0, 8); not mention.leads(word.text)][0]
}

_words(words, from) := cut if {
	texts := [word.text | some word in array.slice(words, from, from + _most_words)]
	cut := array.concat(texts, [data.lib.podgate.option.more | count(words) > from + _most_words])
}

_most_words := 128

# Containers in which arguments change their places.
_shifting := {found.of |
	count(_told) > 0
	some found in data.lib.podgate.command.commands
	contains(found.text, " shift")
}
