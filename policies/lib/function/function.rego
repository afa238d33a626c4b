# Functions that scripts define, as far as it counts whether they print what they are told or run it.
package lib.podgate.function

import data.lib.podgate.mention

import future.keywords.not
import rego.v1

# The names of functions that only print, and of those that may run what they are told though they are named as if
# they printed it.
known(text) := {"prints": set(), "runs": set()} if {
	not contains(text, "()")
	not contains(text, "function ")
} else := {"prints": prints - others, "runs": runs} if {
	defined := array.concat(_with_brackets(text), _with_keyword(text))
	prints := {one.name | some one in defined; _only_prints(one.body)}
	others := {one.name | some one in defined; not _only_prints(one.body)}
	runs := {one.name | some one in defined; one.name in data.lib.podgate.mention.names; _may_run(one.body)}
}

_with_brackets(text) := [defined |
	pieces := split(text, "()")
	some i, piece in pieces
	startswith(trim_left(piece, " \n\t"), "{")
	words := split(strings.replace_n(_blanks, trim_right(pieces[i - 1], " \t")), " ")
	defined := {"name": words[count(words) - 1], "body": _body(piece)}
]

_with_keyword(text) := [defined |
	some i, piece in split(text, "function ")
	i > 0
	name := trim_space(split(piece, "{")[0])
	not contains(name, "(")
	not contains(name, " ")
	defined := {"name": name, "body": _body(piece)}
]

_blanks := {"\n": " ", "\t": " ", ";": " ", "{": " "}

# The lines between braces. Where the end is not found, anything may be in them.
_body(piece) := [trim_suffix(first, "}")] if {
	first := trim_space(_lines(piece)[0])
	endswith(first, "}")
} else := array.slice(lines, 0, ends[0]) if {
	lines := _lines(piece)
	ends := [i | some i, line in lines; startswith(line, "}")]
	count(ends) > 0
} else := ["$"]

_lines(piece) := [trim_space(line) |
	some line in array.slice(split(substring(piece, indexof(piece, "{") + 1, -1), "\n"), 0, _most_lines)
]

_most_lines := 40

_only_prints(body) if {
	text := strings.replace_n(_harmless, concat("\n", body))
	strings.replace_n({"echo": "", "printf": ""}, text) != text
	strings.replace_n({"$(": "", "<": "", ">": "", "`": ""}, text) == text
	count([program | some program in _programs(text); not program in _printing]) == 0
}

_may_run(body) if {
	text := concat("\n", body)
	strings.replace_n(_running, text) != text
} else if {
	count([program | some program in _programs(concat("\n", body)); startswith(program, "$")]) > 0
}

# What stands where programs do. What is quoted is a variable or any text.
_programs(text) := [own[0] |
	some line in split(replace(text, "\\\"", ""), "\n")
	not startswith(line, "#")
	some written in split(strings.replace_n(_ends, _unquoted(_unquoted(line, "\""), "'")), "\n")
	own := [word | some word in split(trim_space(written), " "); not mention.leads(word)]
	count(own) > 0
]

_unquoted(line, quote) := line if {
	not contains(line, quote)
} else := concat("", [shown | some i, piece in pieces; shown := [piece, _kept(piece)][i % 2]]) if {
	pieces := split(line, quote)
	count(pieces) % 2 == 1
} else := "$"

_kept(piece) := "$" if {
	startswith(piece, "$")
} else := "q"

_ends := {";": "\n", "&": "\n", "|": "\n", "(": "\n", ")": "\n"}

_harmless := {">&2": "", "> /dev/stderr": "", ">/dev/stderr": "", "$(date": "(date"}

_running := {
	"$($": "",
	"$(\"$": "",
	"`": "",
	"bash ": "",
	"eval ": "",
	"exec ": "",
	"sh -c": "",
	"sudo \"$": "",
	"sudo $": "",
}

_printing := {
	":",
	"[",
	"[[",
	"cat",
	"date",
	"declare",
	"echo",
	"exit",
	"fi",
	"local",
	"printf",
	"return",
	"set",
	"shift",
	"tee",
	"test",
	"tput",
	"true",
	"}",
}
