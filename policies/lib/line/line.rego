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

# A script in which each list (`a=(…)`) is in one line, without the comments in it.
with_lists(script) := script if {
	not contains(script, "=(")
} else := concat("=(", [_list(i, piece) | some i, piece in split(script, "=(")])

_list(i, piece) := piece if {
	i == 0
} else := piece if {
	head := substring(piece, 0, indexof(piece, "\n"))
	count(split(head, ")")) > count(split(head, "("))
} else := concat("\n", array.concat([concat("", [inside, behind])], array.slice(lines, own, count(lines)))) if {
	lines := split(piece, "\n")
	text := concat("\u0004", [_uncommented(line) | some line in array.slice(lines, 0, _most_lines)])
	inside = _inside(text, count(lines))
	own := count(split(inside, "\u0004"))
	own > 1
	behind := split(substring(text, count(inside), -1), "\u0004")[0]
} else := piece

# A line as it is written, or without its comment.
_uncommented(line) := line if {
	not contains(line, "#")
} else := code(trim_space(replace(line, "\t", " ")))

# What is inside brackets: up to the first end that is none of brackets in these. A list that is longer than what is
# looked at goes on.
_inside(text, lines) := insides[0] if {
	parts := split(text, ")")
	insides := [inside |
		some i, _ in array.slice(parts, 1, _most)
		inside := concat(")", array.slice(parts, 0, i + 1))
		count(split(inside, "(")) == i + 1
	]
	count(insides) > 0
} else := text if {
	lines > _most_lines
}

_most_lines := 128

_plain := {"\t": " ", "\\\"": "", "\\'": ""}

_has_comment(line) if {
	startswith(line, "#")
} else if {
	count([head | some head in _heads(line); _closings(head) != []]) > 0
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
	heads := [head | some head in _heads(line); count(_closings(head)) == 2]
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

# The ways to read quotes in which all are closed again: those of one kind may stand between those of the other.
_closings(text) := [pair[0] | some pair in [["\"", "'"], ["'", "\""]]; _are_closed(text, pair[0], pair[1])]

_are_closed(text, outer, inner) if {
	pieces := split(text, outer)
	count(pieces) % 2 == 1
	plain := concat("", [piece | some i, piece in pieces; i % 2 == 0])
	count(split(plain, inner)) % 2 == 1
}
