# What variables in the commands of a container may hold: every value that the container or a script sets them to,
# wherever that is.
package lib.podgate.variable

import future.keywords.not
import rego.v1

# Words with all that their variables may hold, and what the variables in that may hold. Several values stand there
# one behind the other, each behind the option that it may be for.
filled(container, words) := once if {
	once := _round(container, words)
	once == words
} else := _round(container, _round(container, _round(container, words)))

_round(container, words) := words if {
	not contains(concat("", words), "$")
} else := _cut(all, _most_words, data.lib.podgate.option.more) if {
	before := array.concat([""], words)
	all := [word |
		some i, text in words
		some word in _merged(choices(container, text), text, before[i])
		word != ""
	]
}

_merged(found, text, before) := [text] if {
	count(found) == 0
} else := found[0] if {
	count(found) == 1
} else := array.concat(mark, words) if {
	# Where the image is can differ from value to value.
	mark := ["$" | count([list | some list in found; count(list) > 1]) > 0]
	again := _again(before)
	words := [word | some list in found; some word in array.concat(again, list)]
}

# An option that takes the next word as its value, as far as can be told from it.
_again(word) := [] if {
	not startswith(word, "-")
} else := [] if {
	contains(word, "=")
} else := [] if {
	word in data.lib.podgate.option.alone
} else := [word]

# The lists of words that the first word of a list may stand for, with what is behind it; one list where that is no
# variable whose values are known.
begun(container, words) := _begun(container, _begun(container, _begun(container, [words])))

_begun(container, lists) := lists if {
	count([list | some list in lists; startswith(list[0], "$")]) == 0
} else := _cut(all, _most_words, [data.lib.podgate.option.more]) if {
	all := [words |
		some list in lists
		some found in _or_itself(choices(container, list[0]), list[0])
		words := array.concat(found, array.slice(list, 1, count(list)))
	]
}

_or_itself(found, text) := found if {
	count(found) > 0
} else := [[text]]

# What a word with a variable in it may be, each as a list of words; empty where no value is known. Of several
# variables the first is filled in that has a value.
choices(container, text) := [] if {
	not contains(text, "$")
} else := found[0] if {
	pieces := array.slice(split(text, "$"), 0, _most_pieces)
	found := [lists |
		some i, piece in pieces
		i > 0
		values = _possible(container, piece)
		front := concat("$", array.slice(pieces, 0, i))
		back := concat("$", array.concat([_behind(piece)], array.slice(pieces, i + 1, count(pieces))))
		lists := [list | some value in values; list := _fit(front, value, back)]
	]
	count(found) > 0
} else := []

_fit(front, value, back) := value if {
	concat("", [front, back]) == ""
} else := split(concat("", [front, concat(" ", value), back]), " ")

# The values of the variable whose name follows `$` here: those that it is set to, or else the one that the word itself
# has for it.
_possible(container, piece) := values if {
	values = _own(piece, ["+"])
} else := values if {
	values = _values[_key(container, _name(piece))]
} else := values if {
	values = _own(piece, ["-", "="])
}

_own(piece, signs) := [split(text, " ")] if {
	startswith(piece, "{")
	contains(piece, "}")
	written := trim_left(trim_left(substring(piece, 1, -1), _letters), ":")
	strings.any_prefix_match(written, signs)
	text := split(substring(written, 1, -1), "}")[0]
}

_name(piece) := substring(body, 0, count(body) - count(trim_left(body, _letters))) if {
	body := trim_prefix(piece, "{")
}

_letters := "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789"

_behind(piece) := substring(piece, indexof(piece, "}") + 1, -1) if {
	startswith(piece, "{")
} else := trim_left(piece, _letters)

# The different values of each variable, each as a list of words. What is added to it counts by itself and with what
# stands before it.
_values := {key: lists |
	some n, from in _starts
	to = _starts[n + 1]
	key := _sorted[from][0]
	lists := _lists(array.slice(_sorted, from, to))
}

_lists(own) := [_words(own[0][2])] if {
	count(own) == 1
} else := _cut(lists, _most_values, [data.lib.podgate.option.more]) if {
	sums := [sum |
		count([set | some set in own; set[3]]) > 0
		sum := concat("", [set[2] | some set in array.slice(own, 0, _most_values)])
	]
	texts := {text | some text in array.concat(sums, [set[2] | some set in own])}
	lists := [words | some text in texts; words := _words(text)]
}

_words(text) := _cut(split(trim_space(text), " "), _most_words, data.lib.podgate.option.more)

# Of more than this, no more is kept than that there is more.
_cut(list, most, more) := list if {
	count(list) <= most
} else := array.concat(array.slice(list, 0, most), [more])

_most_values := 16

_most_words := 128

_most_pieces := 8

# Where the entries of each variable begin, and the end.
_starts := [i |
	before := array.concat([[""]], _sorted)
	some i, entry in _sorted
	entry[0] != before[i][0]
]

# Those of one variable stand behind each other; behind the last one stands none.
_sorted := array.concat(
	sort([entry |
		some i, set in _set
		key := _key(set.container, split(trim_suffix(set.sign, "+"), "[")[0])
		entry := [key, i, set.value, endswith(set.sign, "+")]
	]),
	[["."]],
)

_key(container, name) := sprintf("%v/%v/%v", [container.list, container.index, name])

_set := array.concat(_in_environment, array.concat(_in_scripts, _in_loops))

_in_environment := [set |
	some container in data.lib.podgate.command.telling
	is_array(container.spec.env)
	some variable in container.spec.env
	is_string(variable.name)
	is_string(variable.value)
	set := {"container": container, "sign": variable.name, "value": variable.value}
]

_in_scripts := [set |
	some found in data.lib.podgate.command.commands
	some i, word in found.words
	at := indexof(word.text, "=")
	at > 0
	not startswith(word.text, "-")
	not found.words[i - 1].text in _elsewhere
	value := _given(found.words, i, substring(word.text, at + 1, -1))
	set := {"container": found.container, "sign": substring(word.text, 0, at), "value": value}
]

# Options whose value is a variable of another place.
_elsewhere := {"--build-arg", "--env", "--label", "-e"}

_in_loops := [set |
	some found in data.lib.podgate.command.commands
	found.words[0].text == "for"
	found.words[2].text == "in"
	some word in array.slice(found.words, 3, _most_words)
	set := {"container": found.container, "sign": found.words[1].text, "value": word.text}
]

# What stands behind `=`: the words of a list, whose brackets are gone.
_given(words, i, value) := value if {
	value != ""
} else := concat(" ", array.concat([""], _cut(list, _most_words, data.lib.podgate.option.more))) if {
	list := [word.text | some word in array.slice(words, i + 1, (i + 2) + _most_words)]
}
