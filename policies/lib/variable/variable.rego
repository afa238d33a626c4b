# What variables in the commands of a container may hold: every value that the container or a script sets them to,
# wherever that is.
package lib.podgate.variable

import data.lib.podgate.command

import future.keywords.not
import rego.v1

# Words with all that their variables may hold. Several values stand there one behind the other, each behind the option
# that it may be for.
filled(of, words) := words if {
	not contains(concat("", words), "$")
} else := once if {
	once := _fill(_settled, of, words, "")
	_is_done(once, words)
} else := _fill(_settled, of, _fill(_settled, of, _fill(_settled, of, words, ""), ""), "")

# Whether no word has a second variable to fill in.
_is_done(once, words) if {
	once == words
} else if {
	count(split(concat("", words), "$")) <= 2
} else if {
	count([word | some word in words; count(split(word, "$")) > 2]) == 0
}

# The lists of words that a word may stand for where a program does; one with itself where no value is known.
begun(of, text) := _or_itself(_choices(_settled, of, text), text)

_fill(values, of, words, first) := words if {
	not contains(concat("", words), "$")
} else := _cut(all, count(words) + _most_words, data.lib.podgate.option.more) if {
	before := array.concat([first], words)
	open := [i | some i, text in words; contains(text, "$")]
	share := round(_most_filled / count(open))
	lists := {i: list | some i in open; list := _kept(_filled(values, of, words[i], [before[i], share]), before[i])}
	all := [word | some i, text in words; some word in object.get(lists, i, [text])]
}

# A list without what is empty, unless it may be quoted, and the value of an option.
_kept(list, before) := kept if {
	kept := [word | some word in list; word != ""]
	count(kept) > 0
} else := [data.lib.podgate.option.empty] if {
	before in data.lib.podgate.option.valued
} else := []

_filled(values, of, text, near) := _merged(_cut_lists(_choices(values, of, text), near[1]), text, near[0])

_merged(found, text, before) := [text] if {
	count(found) == 0
} else := found[0] if {
	count(found) == 1
	not _may_be_split(found[0], before)
} else := array.concat(mark, words) if {
	# Where the image is can differ from value to value.
	mark := ["$" | count([list | some list in found; count(list) > 1]) > 0]
	again := _again(before)
	words := [word | some list in found; some word in array.concat(again, list)]
}

# Whether the words of a value are one word, perhaps, since an option takes it.
_may_be_split(list, before) if {
	count(list) > 1
	count(_again(before)) > 0
}

# An option that takes the next word as its value, as far as can be told from it.
_again(word) := [] if {
	not startswith(word, "-")
} else := [] if {
	contains(word, "=")
} else := [] if {
	word in data.lib.podgate.option.alone
} else := [word]

_or_itself(found, text) := found if {
	count(found) > 0
} else := [[text]]

# What a word with a variable in it may be, each as a list of words; empty where no value is known. Of several
# variables the first is filled in that has a value.
_choices(values, of, text) := found if {
	startswith(text, "$")
	found = values[concat("", [of, substring(text, 1, -1)])]
} else := found[0] if {
	pieces := array.slice(split(text, "$"), 0, _most_pieces)
	found := [lists |
		some i, piece in pieces
		i > 0
		known := _known(values, of, piece)
		count(known) > 0
		front := concat("$", array.slice(pieces, 0, i))
		back := concat("$", array.concat([_behind(piece)], array.slice(pieces, i + 1, count(pieces))))
		lists := _fitted(front, known, back)
	]
	count(found) > 0
} else := []

_fitted(front, known, back) := known if {
	concat("", [front, back]) == ""
} else := [[word] | some value in known; word := concat("", [front, concat(" ", value), back])]

# The values of the variable whose name follows `$` here: those that it is set to, or else the one that the word itself
# has for it.
_known(values, of, piece) := object.get(values, concat("", [of, "@"]), []) if {
	strings.any_prefix_match(piece, ["*", "@", "{*", "{@"])
} else := object.get(values, concat("", [of, trim_suffix(piece, _behind(piece))]), []) if {
	not startswith(piece, "{")
} else := [] if {
	not contains(piece, "}")
} else := _braced(object.get(values, concat("", [of, trim_suffix(body, own)]), []), trim_left(own, ":")) if {
	body := substring(split(piece, "}")[0], 1, -1)
	own := trim_left(body, _letters)
}

_braced(found, own) := [split(substring(own, 1, -1), " ")] if {
	startswith(own, "+")
} else := found if {
	count(found) > 0
} else := [split(substring(own, 1, -1), " ")] if {
	strings.any_prefix_match(own, ["-", "="])
} else := []

_behind(piece) := substring(piece, indexof(piece, "}") + 1, -1) if {
	startswith(piece, "{")
} else := substring(piece, 1, -1) if {
	strings.any_prefix_match(piece, ["*", "@"])
} else := trim_left(piece, _letters)

_letters := "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789"

# Values with what the variables in them may hold, and what these may.
_settled := object.union(_once, _grown(_once, [group | some group in _open; _once[group.key] != group.lists]))

_once := object.union(_values, _grown(_values, _open))

_grown(values, groups) := {group.key: lists |
	some group in groups
	share := round((2 * _most_values) / count(values[group.key]))
	all := {list |
		some old in values[group.key]
		fronts := _or_itself(_choices(values, group.of, old[0]), old[0])
		some front in _cut(fronts, share, [data.lib.podgate.option.more])
		rest := _fill(values, group.of, array.slice(old, 1, count(old)), old[0])
		list := _cut(array.concat(front, rest), _most_words, data.lib.podgate.option.more)
	}
	lists := _cut(sort(all), _most_values, [data.lib.podgate.option.more])
}

# Those with a variable in a value that is known. What stays as it is once stays so.
_open := [group |
	some group in _groups
	text := concat(" ", [word | some list in group.lists; some word in list])
	contains(text, "$")
	pieces := split(text, "$")
	count([piece | some piece in array.slice(pieces, 1, count(pieces)); _may_be_known(group.of, piece)]) > 0
]

_may_be_known(of, piece) if {
	text := trim_prefix(piece, "{")
	_values[concat("", [of, trim_suffix(text, trim_left(text, _letters))])]
} else if {
	strings.any_prefix_match(piece, ["*", "@", "{*", "{@"])
	_values[concat("", [of, "@"])]
} else if {
	startswith(piece, "{")
	strings.any_prefix_match(trim_left(substring(piece, 1, -1), _letters), ["+", "-", ":", "="])
}

_values := {group.key: group.lists | some group in _groups}

# The different values of each variable, each as a list of words. What is added to it counts by itself and with what
# stands before it.
_groups := [group |
	some n, from in _starts
	to = _starts[n + 1]
	own := array.slice(_sorted, from, to)
	group := {"key": own[0][0], "of": own[0][4], "lists": _lists(own)}
]

_lists(own) := [_words(own[0][2])] if {
	count(own) == 1
} else := _cut(lists, _most_values, [data.lib.podgate.option.more]) if {
	added := [set | some set in own; set[3]]
	texts := array.concat(_sum(own, added), [set[2] | some set in own; _is_alone(set, own)])
	lists := [words | some text in sort({one | some one in texts}); words := _words(text)]
}

# What all values are together, where some are added.
_sum(own, added) := [] if {
	count(added) == 0
} else := [sum] if {
	sum := concat("", [text |
		some set in array.slice(own, 0, _most_added)
		some text in [{true: "", false: " "}[set[3]], set[2]]
	])
}

# Whether a value counts by itself, too.
_is_alone(set, own) if {
	not set[3]
} else if {
	count(own) > _most_added
}

_words(text) := _cut(split(trim_space(text), " "), _most_words, data.lib.podgate.option.more)

# Lists of at most so many words, and at most so many of them.
_cut_lists(lists, most) := lists if {
	count(lists) <= most
	count([list | some list in lists; count(list) > most]) == 0
} else := cut if {
	cut := [list |
		some whole in _cut(lists, most, [data.lib.podgate.option.more])
		list := _cut(whole, most, data.lib.podgate.option.more)
	]
}

# Of more than this, no more is kept than that there is more.
_cut(list, most, more) := list if {
	count(list) <= most
} else := array.concat(array.slice(list, 0, most), [more])

_most_values := 16

_most_added := 64

_most_filled := 512

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
		name := split(trim_suffix(set.sign, "+"), "[")[0]
		added := _added(name, set)
		entry := [concat("", [set.of, name]), i, added[0], added[1], set.of]
	]),
	[["."]],
)

# A value, and whether it is added to those before it, as it is where the variable itself stands in it. Of one that is
# kept where there is one (`A=${A:-b}`) the other counts.
_added(name, set) := [set.value, endswith(set.sign, "+")] if {
	not contains(set.value, "$")
} else := [set.value, endswith(set.sign, "+")] if {
	not contains(set.value, name)
} else := [substring(own, 1, -1), false] if {
	startswith(set.value, sprintf("${%v", [name]))
	own := trim_left(trim_prefix(substring(split(set.value, "}")[0], 2, -1), name), ":")
	strings.any_prefix_match(own, ["-", "="])
	not contains(own, "{")
} else := [rests[0], true] if {
	rests := [rest |
		some itself in _forms(name)
		startswith(set.value, itself)
		rest := trim_prefix(set.value, itself)
		trim_left(rest, _letters) == rest
	]
	count(rests) > 0
} else := [concat(" ", array.concat([""], kept)), true] if {
	words := split(set.value, " ")
	kept := [word | some word in words; not word in _forms(name)]
	count(kept) < count(words)
} else := [set.value, endswith(set.sign, "+")]

_forms(name) := [sprintf("$%v", [name]), sprintf("${%v}", [name]), sprintf("${%v[@]}", [name])]

_set := array.concat(data.lib.podgate.argument.sets, array.concat(_in_environment, array.concat(_in_scripts, _in_loops)))

_in_environment := [set |
	some container in data.lib.podgate.command.telling
	is_array(container.spec.env)
	of := command.of(container)
	some variable in container.spec.env
	is_string(variable.name)
	is_string(variable.value)
	set := {"of": of, "sign": variable.name, "value": variable.value}
]

_in_scripts := [set |
	some found in data.lib.podgate.command.commands
	contains(found.text, "=")
	some i, word in found.words
	at := indexof(word.text, "=")
	at > 0
	not startswith(word.text, "-")
	not found.words[i - 1].text in _elsewhere
	value := _given(found.words, i, substring(word.text, at + 1, -1))
	set := {"of": found.of, "sign": substring(word.text, 0, at), "value": value}
]

# Options whose value is a variable of another place.
_elsewhere := {"--build-arg", "--env", "--label", "-e"}

_in_loops := [set |
	some found in data.lib.podgate.command.commands
	startswith(found.text, " for ")
	found.words[0].text == "for"
	found.words[2].text == "in"
	some word in array.slice(found.words, 3, _most_words)
	set := {"of": found.of, "sign": found.words[1].text, "value": word.text}
]

# What stands behind `=`: the words of a list, whose brackets are gone.
_given(words, i, value) := value if {
	value != ""
} else := concat(" ", array.concat([""], _cut(list, _most_words, data.lib.podgate.option.more))) if {
	list := [word.text | some word in array.slice(words, i + 1, (i + 2) + _most_words)]
}
