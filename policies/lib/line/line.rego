# Lines of a script as a shell puts them together, and what is a comment in them.
package lib.podgate.line

import future.keywords.not
import rego.v1

# A script in which what goes on behind a backslash is one line. Comments do not go on, and of two backslashes the
# second is a text.
joined(script) := replace(script, "\\\n", "\u0002") if {
	not contains(script, "#")
	not contains(script, "\\\\\n")
} else := concat("", [text |
	pieces := split(script, "\\\n")
	some i, piece in pieces
	some text in [_joint(pieces, i - 1), piece]
])

_joint(pieces, before) := "" if {
	before < 0
} else := "\\\n" if {
	_ends(pieces[before])
} else := "\u0002"

# Whether a line ends in spite of the backslash that follows this text.
_ends(text) if {
	startswith(text, "#")
	not contains(text, "\n")
} else if {
	contains(text, "#")
	lines := split(text, "\n")
	last := lines[count(lines) - 1]
	contains(last, "#")
	written := trim_space(strings.replace_n(_plain, last))
	_has_comment(written)
} else if {
	endswith(text, "\\")
	(count(text) - count(trim_right(text, "\\"))) % 2 == 1
}

# A script in which each list (`a=(…)`) is in one line, without the comments in it. Where a script has quotes over
# several lines or texts for other programs, it may be none; then its lines stay in front of that.
with_lists(script) := script if {
	not contains(script, "=(")
} else := _with(script, lines, lists) if {
	lines := split(script, "\n")
	found := _lists(lines)
	count(found) > 0
	before := array.concat([{"to": 0}], found)
	lists := [list | some i, list in found; before[i].to <= list.from]
} else := script

_with(script, lines, lists) := concat("\n", array.concat(joined, behind)) if {
	ends := array.concat([0], [list.to | some list in lists])
	behind := array.slice(lines, ends[count(lists)], count(lines))
	between := [line | some i, list in lists; some line in array.slice(lines, ends[i], list.from)]
	stay := _may_be_texts(script, array.concat(between, behind))
	joined := [text |
		some i, list in lists
		some text in array.concat(array.slice(lines, ends[i], [list.from, list.to][stay]), [list.text])
	]
}

# Lists that go on behind their first line.
_lists(lines) := [list |
	uncommented := [_uncommented(line) | some line in lines]
	some i, first in lines
	contains(first, "=(")
	_begins_list(split(first, "=(")[0])
	not _inside(_from(first))
	text := concat("\u0004", array.slice(uncommented, i, i + _most_lines))
	inside = _inside(_from(text))
	own := count(split(inside, "\u0004"))
	ends := (indexof(text, "=(") + 2) + count(inside)
	behind := split(substring(text, ends, -1), "\u0004")[0]
	list := {"from": i, "text": concat("", [substring(text, 0, ends), behind]), "to": i + own}
]

_from(text) := substring(text, indexof(text, "=(") + 2, -1)

# Whether a name is all that stands in front of `=(`, but for what declares it.
_begins_list(text) if {
	words := split(trim_space(replace(text, "\t", " ")), " ")
	name := lower(trim_suffix(words[count(words) - 1], "+"))
	name != ""
	trim_left(name, "abcdefghijklmnopqrstuvwxyz_0123456789") == ""
	_declare(array.slice(words, 0, count(words) - 1))
}

_declare(words) if {
	count(words) == 0
} else if {
	words[0] in {"declare", "export", "local", "readonly", "typeset"}
	others := array.slice(words, 1, count(words))
	count([word | some word in others; not startswith(sprintf("%v-", [word]), "-")]) == 0
}

# 1 where a line outside of lists leaves a quote open, or other programs get texts.
_may_be_texts(script, lines) := 1 if {
	contains(script, "<<")
} else := 1 if {
	count([line | some line in lines; _leaves_open(line)]) > 0
} else := 0

_leaves_open(line) if {
	strings.replace_n({"\"": "", "'": ""}, line) != line
	readings(strings.replace_n(_plain, _uncommented(line))) == []
}

# A line as it is written, or without its comment.
_uncommented(line) := line if {
	not contains(line, "#")
} else := code(trim_space(replace(line, "\t", " ")))

# What is inside brackets: up to the first end that is none of brackets or quotes in these.
_inside(text) := first[0] if {
	first := _insides(text, 3)
	count(first) > 0
} else := insides[0] if {
	insides := _insides(text, _most)
	count(insides) > 0
}

_insides(text, most) := [inside |
	parts := split(text, ")")
	some i, _ in array.slice(parts, 1, most)
	inside := concat(")", array.slice(parts, 0, i + 1))
	some plain in readings(strings.replace_n(_plain, inside))
	count(split(plain, "(")) == count(split(plain, ")"))
]

_most_lines := 128

_plain := {"\t": " ", "\\\"": "", "\\'": ""}

_has_comment(line) if {
	startswith(line, "#")
} else if {
	count([head | some head in _heads(line); readings(head) != []]) > 0
}

# A line without its comment, as far as it is sure to be one.
code(line) := line if {
	not contains(line, "#")
} else := "" if {
	startswith(line, "#")
} else := split(line, " #")[0] if {
	not contains(line, "\"")
	not contains(line, "'")
} else := heads[0] if {
	heads := [head | some head in _heads(line); count(readings(head)) == 2]
	count(heads) > 0
} else := line

# What stands in front of a `#` that begins a word.
_heads(line) := [head |
	pieces := split(line, " #")
	some i, _ in array.slice(pieces, 1, _most)
	head := concat(" #", array.slice(pieces, 0, i + 1))
]

# Of more places than this where a comment may begin or brackets end, the first count.
_most := 16

# The ways to read a text whose quotes are all closed again, with `$` for what is in them: those of one kind may stand
# between those of the other.
readings(text) := [plain |
	some pair in [["\"", "'"], ["'", "\""]]
	first = _outside(text, pair[0])
	plain = _outside(first, pair[1])
]

_outside(text, quote) := text if {
	not contains(text, quote)
} else := concat("$", [piece | some i, piece in pieces; i % 2 == 0]) if {
	pieces := split(text, quote)
	count(pieces) % 2 == 1
}
