# What containers run, as far as command and args say: one simple command after another, each with its words.
package lib.podgate.command

import data.lib.podgate.pod

import future.keywords.not
import rego.v1

# Containers whose command or args name a program or an option that a policy asks about. Most name none, and are
# left after one look.
telling := [container |
	some container in data.lib.podgate.pod.containers
	written := [object.get(container.spec, "command", ""), object.get(container.spec, "args", "")]
	written != ["", ""]
	text := strings.replace_n(_quotes, lower(sprintf("%v", [written])))
	strings.replace_n(_marks, text) != text
]

# Every simple command of those: the list of arguments itself, each line of the scripts in it, and each quoted text
# of those. A quoted text with spaces is one word of the command around it. `mention` says that a command only
# names programs, as echo and grep do.
commands := array.concat(_lists, _scripts)

_lists := [command |
	some list in _items
	words := [item | some item in list.items; _is_word(item.text)]
	count(words) > 0
	texts := [word.text | some word in words]
	mention := strings.any_prefix_match(sprintf("%v ", [concat(" ", texts)]), _mentions)
	command := {"container": list.container, "mention": mention, "words": words}
]

_scripts := [command |
	some list in _items
	some item in list.items
	_is_script(item.text)
	some text in _texts(item.text)
	some written in split(strings.replace_n(_ends, text), "\n")
	part := trim_space(written)
	part != ""
	mention := strings.any_prefix_match(sprintf("%v ", [part]), _mentions)
	words := [word |
		some raw in split(part, " ")
		raw != ""
		word := {"field": item.field, "index": item.index, "text": replace(raw, _hidden, " ")}
	]
	command := {"container": list.container, "mention": mention, "words": words}
]

_items := [list |
	some container in telling
	items := [item |
		some field in ["command", "args"]
		is_array(container.spec[field])
		some i, text in container.spec[field]
		is_string(text)
		item := {"field": field, "index": i, "text": text}
	]
	list := {"container": container, "items": items}
]

# An option may have spaces in its value; all else with spaces is a script.
_is_word(text) if {
	startswith(text, "-")
} else if {
	not _is_script(text)
}

_is_script(text) if {
	contains(text, " ")
} else if {
	contains(text, "\n")
} else if {
	contains(text, "\t")
}

# The lines of a script without comments, each followed by the quoted texts in it.
_texts(script) := [text |
	some written in split(strings.replace_n(_joints, replace(script, "\r", "")), "\n")
	line := trim_space(written)
	line != ""
	not startswith(line, "#")
	some outer in _parts(_without_comment(line), "\"")
	some quoted in _parts(outer, "'")
	some text in _run(quoted)
]

# A text and what a shell runs to fill it in, between `$(` and `)` or between backquotes.
_run(text) := [text] if {
	not contains(text, "$(")
	not contains(text, "`")
} else := array.concat([text], _filled_in(text))

_filled_in(text) := array.concat(
	[inner |
		pieces := split(text, "$(")
		some i, piece in pieces
		i > 0
		inner := _inside(pieces, i, piece)
	],
	[inner | some i, inner in split(text, "`"); i % 2 == 1],
)

# Up to the end of the brackets or, where there are brackets in them, all the rest.
_inside(pieces, i, piece) := inner if {
	contains(piece, ")")
	inner := split(piece, ")")[0]
	not contains(inner, "(")
} else := concat(" ", array.slice(pieces, i, count(pieces)))

_without_comment(line) := split(line, " #")[0] if {
	not contains(line, "\"")
	not contains(line, "'")
} else := line

# A text whose quoted parts are sealed, and those parts. With an odd number of quotes nothing is sealed.
_parts(text, quote) := [text] if {
	not contains(text, quote)
} else := array.concat([sealed], inner) if {
	pieces := split(text, quote)
	count(pieces) % 2 == 1
	sealed := concat("", [kept | some i, piece in pieces; kept := [piece, strings.replace_n(_seals, piece)][i % 2]])
	inner := [run |
		some i, piece in pieces
		i % 2 == 1
		contains(piece, " ")
		some run in _quoted(piece, pieces[i - 1], quote)
	]
} else := [replace(text, quote, "")]

# What may be run of a quoted text. A shell fills in what is between double quotes, even where it is only printed.
_quoted(piece, before, quote) := [piece] if {
	not _mentioned(before)
} else := [] if {
	quote == "'"
} else := _filled_in(piece)

# Whether the command in front of a quoted text only prints it or searches for it.
_mentioned(before) if {
	parts := split(strings.replace_n(_ends, _innermost(before)), "\n")
	part := trim_left(parts[count(parts) - 1], " ")
	strings.any_prefix_match(sprintf("%v ", [part]), _mentions)
}

# The end of a text that is still open behind `$(` or a backquote, or else all of it.
_innermost(text) := pieces[count(pieces) - 1] if {
	pieces := split(text, "`")
	count(pieces) % 2 == 0
} else := pieces[count(pieces) - 1] if {
	pieces := split(text, "$(")
	not contains(pieces[count(pieces) - 1], ")")
} else := text

# The words of a container's commands.
words_of(container) := [word |
	some found in data.lib.podgate.command.commands
	pod.same(found.container, container)
	some word in found.words
]

# The name of a program without its directory.
program(word) := lower(parts[count(parts) - 1]) if parts := split(trim(word, "(){}`$!@"), "/")

_quotes := {"\"": "", "'": "", "\\": ""}

_marks := {
	"--tls": "",
	":2375": "",
	"buildkit": "",
	"buildx": "",
	"chroot": "",
	"containerd": "",
	"ctl": "",
	"ctr": "",
	"docker": "",
	"insecure": "",
	"kind": "",
	"minikube": "",
	"mount": "",
	"nsenter": "",
	"oci-worker": "",
	"podman": "",
	"rootlesskit": "",
	"tcp:": "",
}

# A line goes on after a backslash; escaped quotes are no quotes, but a shell in the shell runs what is between
# escaped backquotes. `<(` and `>(` run a command, as `$(` does.
_joints := {"\\\n": " ", "\\\"": "", "\\'": "", "\\`": "`", "\t": " ", "<(": "$(", ">(": "$("}

_ends := {";": "\n", "&": "\n", "|": "\n", "(": " ", ")": " ", "`": " "}

_hidden := "\u0001"

_seals := {
	" ": "\u0001",
	"#": "\u0001",
	"&": "\u0001",
	"'": "\u0001",
	"(": "\u0001",
	")": "\u0001",
	";": "\u0001",
	"`": "\u0001",
	"|": "\u0001",
}

# What commands begin with that only name a program, or handle its files.
_mentions := [
	"[ ",
	"apk ",
	"apt ",
	"apt-get ",
	"cat ",
	"chmod ",
	"chown ",
	"command -v ",
	"cp ",
	"curl ",
	"dnf ",
	"echo ",
	"egrep ",
	"git ",
	"grep ",
	"hash ",
	"ls ",
	"mkdir ",
	"mv ",
	"pgrep ",
	"pip ",
	"pkill ",
	"printf ",
	"rm ",
	"tar ",
	"test ",
	"touch ",
	"type ",
	"wget ",
	"which ",
	"yum ",
]
