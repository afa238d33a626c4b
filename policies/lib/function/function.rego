# Functions that a script defines: those under names that mostly print and that may run what they are told, and those
# that hand it to a client of a container runtime.
package lib.podgate.function

import data.lib.podgate.line
import data.lib.podgate.mention

import future.keywords.not
import rego.v1

# Their names: all of which it is not known that they only print, or are told nothing.
runs(text) := set() if {
	strings.replace_n({"( )": "", "()": "", "function": ""}, text) == text
} else := {name |
	plain := strings.replace_n({"\t": " ", "( )": "()"}, text)
	some defined in array.concat(_with_brackets(plain), _with_keyword(plain))
	name := defined[0]
	name in data.lib.podgate.mention.names
	not _is_harmless(_body(defined[1]))
}

# The names of functions that name such a client and what they are told.
passing(text) := set() if {
	strings.replace_n({"()": "", "( )": "", "function": ""}, text) == text
} else := {name |
	plain := strings.replace_n({"\t": " ", "( )": "()"}, text)
	some defined in array.concat(_with_brackets(plain), _with_keyword(plain))
	body := _lines(defined[1])
	strings.replace_n(_clients, body) != body
	shown := replace(body, "${", "$")
	strings.replace_n(_told, shown) != shown
	name := defined[0]
	not _only_prints(name, defined[1])
}

_only_prints(name, rest) if {
	name in data.lib.podgate.mention.names
	_is_harmless(_body(rest))
}

_clients := {"docker": "", "nerdctl": "", "podman": ""}

# The line of a function, or its lines up to one that begins with the brace or bracket at its end.
_lines(rest) := first if {
	first := split(rest, "\n")[0]
	strings.any_suffix_match(trim_space(first), [")", "}"])
} else := split(split(rest, "\n}")[0], "\n)")[0]

_with_brackets(text) := [[words[count(words) - 1], rest] |
	pieces := split(text, "()")
	some i, rest in array.slice(pieces, 1, count(pieces))
	words := split(strings.replace_n(_blanks, trim_right(pieces[i], " ")), " ")
]

_with_keyword(text) := [[name, rest] |
	some piece in split(text, "function ")
	name := split(strings.replace_n(_blanks, trim_left(piece, " ")), " ")[0]
	rest := trim_left(trim_prefix(trim_left(piece, " "), name), " \n")
	startswith(rest, "{")
]

_blanks := {"\n": " ", "\"": " ", "&": " ", "'": " ", "(": " ", ")": " ", ";": " ", "{": " ", "|": " "}

# What is between braces or brackets, up to the first end that is none of others in these. Where it is not found, it
# may be anything.
_body(rest) := bodies[0] if {
	text := trim_left(rest, " \n")
	startswith(text, "{")
	parts := array.slice(split(substring(text, 1, -1), "}"), 0, _most)
	bodies := [body |
		some i, _ in array.slice(parts, 1, _most)
		body := concat("}", array.slice(parts, 0, i + 1))
		strings.any_suffix_match(trim_right(body, " "), ["\n", ";"])
		plain = line.readings(_unescaped(body))[0]
		count(split(plain, "{")) == count(split(plain, "}"))
	]
	count(bodies) > 0
} else := bodies[0] if {
	text := trim_left(rest, " \n")
	startswith(text, "(")
	parts := array.slice(split(substring(text, 1, -1), ")"), 0, _most)
	bodies := [body |
		some i, _ in array.slice(parts, 1, _most)
		body := concat(")", array.slice(parts, 0, i + 1))
		plain = line.readings(_unescaped(body))[0]
		count(split(plain, "(")) == count(split(plain, ")"))
	]
	count(bodies) > 0

	# Another bracket may stand in a comment, in a pattern, or behind a backslash.
	strings.replace_n({"#": "", "\\": "", "case": ""}, bodies[0]) == bodies[0]
} else := "$@"

_most := 32

_is_harmless(body) if {
	text := replace(body, "${", "$")
	strings.replace_n(_arguments, text) == text
} else if {
	shown := strings.replace_n(_harmless, _unescaped(body))
	dates := concat("", [split(piece, ")")[0] | some i, piece in split(shown, "$(date"); i > 0])
	strings.replace_n(_filling, dates) == dates
	text := replace(shown, "$(date", "(date")
	strings.replace_n(_unknown, text) == text
	count([own | some own in split(text, "\n"); not _prints(trim_space(own))]) == 0
}

# Escaped quotes are no quotes.
_unescaped(text) := replace(replace(text, "\\\\", ""), "\\\"", "")

# Whether all programs in a line only print, however its quotes are read.
_prints(text) if {
	startswith(text, "#")
} else if {
	readings := line.readings(text)
	count(readings) > 0
	programs := {own[0] |
		some reading in readings
		some written in split(strings.replace_n(_ends, reading), "\n")
		own := [word | some word in split(written, " "); not mention.leads(word)]
	}
	count(programs - _printing) == 0
}

_filling := {"$": "", "&": "", "(": "", ";": "", "\n": "", "|": ""}

_ends := {"&": "\n", "(": "\n", ")": "\n", ";": "\n", "|": "\n"}

# What stands for what a function is told, or may hide the end of its body.
_arguments := object.union({"$!": "", "<<": "", "ARGV": "", "for ": ""}, _told)

_told := object.union(
	{"$*": "", "$@": ""},
	{"$1": "", "$2": "", "$3": "", "$4": "", "$5": "", "$6": "", "$7": "", "$8": "", "$9": ""},
)

_harmless := {"> /dev/stderr": "", ">&2": "", ">/dev/stderr": "", "| tee -a ": "| cat "}

_unknown := {"$(": "", ".sh": "", "<": "", ">": "", "\\'": "", "`": ""}

_printing := {word | some word in split(": [ [[ cat date declare echo exit fi local printf return set shift test true }", " ")}
