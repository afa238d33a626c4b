# What containers run, as far as command, args and hooks say: one simple command after another, each with its words.
package lib.podgate.command

import data.lib.podgate.function
import data.lib.podgate.heredoc
import data.lib.podgate.line
import data.lib.podgate.mention
import data.lib.podgate.pod

import future.keywords.not
import rego.v1

# Containers whose command, args or hooks name a program or an option that a policy asks about. Most name none, and
# are left after one look.
telling := [container |
	some container in data.lib.podgate.pod.containers
	written := [
		object.get(container.spec, "command", ""),
		object.get(container.spec, "args", ""),
		object.get(container.spec, "lifecycle", ""),
	]
	written != ["", "", ""]
	text := strings.replace_n(_quotes, lower(sprintf("%v", [written])))
	strings.replace_n(_marks, text) != text
]

# Every simple command of those: the list of arguments itself, each line of the scripts in it, and each quoted text
# of those. A quoted text with spaces is one word of the command around it, and so is what a shell fills in.
# `mention` says that a command only names programs, as echo and grep do; `line` is the line of a longer script, and
# `text` all its words in lower case, each behind a space: who asks for words looks there first whether they can be
# in it.
commands := array.concat(_lists, _scripts)

_lists := [command |
	some list in _items
	words := [item | some i, item in list.items; _is_word(list.items, i, item.text)]
	count(words) > 0
	texts := [word.text | some word in words]
	only_names := mention.only_names(concat(" ", texts), list.runs)
	command := {
		"container": list.container,
		"line": "",
		"mention": only_names,
		"of": list.of,
		"text": lower(concat(" ", array.concat([""], texts))),
		"words": words,
	}
]

_scripts := [command |
	some list in _items
	some item in list.items
	not _is_printed(list.items[0], item)
	_is_script(item.text)
	some text in _texts(item.text, list.runs)
	some written in mention.simple(text.text)
	part := _tidy(trim_space(written))
	part != ""
	only_names := mention.only_names(part, text.runs)
	words := [word |
		some raw in split(part, " ")
		word := {"field": item.field, "index": item.index, "text": replace(raw, _hidden, " ")}
	]
	command := {
		"container": list.container,
		"line": text.line,
		"mention": only_names,
		"of": list.of,
		"text": lower(sprintf(" %v", [replace(part, _hidden, " ")])),
		"words": words,
	}
]

_items := array.concat(
	[list |
		some container in telling
		items := array.concat(_texts_of(container.spec, "command", "command"), _texts_of(container.spec, "args", "args"))
		list := _list(container, items)
	],
	[list |
		some container in telling
		some event in ["postStart", "preStop"]
		hook = container.spec.lifecycle[event].exec
		items := _texts_of(hook, "command", sprintf("lifecycle/%v/exec/command", [event]))
		list := _list(container, items)
	],
)

_list(container, items) := {
	"container": container,
	"items": items,
	"of": of(container),
	"passing": function.passing(text),
	"runs": function.runs(text),
} if {
	text := concat("\n", [item.text | some item in items])
}

# The functions of scripts that hand what they are told to a client of a container runtime, each behind the container
# that it is of.
passing := {concat("", [list.of, name]) | some list in _items; some name in list.passing}

# What tells a container from others.
of(container) := sprintf("%v/%v/", [container.list, container.index])

_texts_of(holder, key, field) := [item |
	is_array(holder[key])
	some i, text in holder[key]
	is_string(text)
	item := {"field": field, "index": i, "text": text}
]

# Whether an item is only printed by the first one. What is in `args` may be for a shell that stands in for that.
_is_printed(first, item) if {
	endswith(first.field, "command")
	endswith(item.field, "command")
	not _is_script(first.text)
	program(first.text) in {"echo", "printf"}
}

# An option may have spaces in its value, in one word or two; all else with spaces is a script.
_is_word(items, i, text) if {
	not _is_script(text)
} else if {
	startswith(text, "-")
} else if {
	startswith(items[i - 1].text, "--")
}

_is_script(text) if {
	contains(text, " ")
} else if {
	contains(text, "\n")
} else if {
	contains(text, "\t")
}

# The lines of a script without comments, each followed by the quoted texts in it.
_texts(script, known) := [text |
	joined := heredoc.without_texts(line.joined(replace(script, "\r", "")))
	lines := split(line.with_lists(joined), "\n")
	some written in lines
	not startswith(written, "#")
	plain := strings.replace_n(_joints, replace(written, "\\\"\\\"", _empty))
	code := line.code(trim_space(strings.replace_n(_nothing, plain)))
	code != ""
	begins := _begins(script, written)
	running := mention.runs(code, known)
	some run in _of_line(code, running)
	text := {"line": begins, "runs": running, "text": run}
]

# A command with one space between its words, in which the mark of what is empty is only where it is a word.
_tidy(part) := part if {
	strings.replace_n(_untidy, part) == part
} else := concat(" ", [kept |
	some raw in split(part, " ")
	raw != ""
	rest := replace(raw, _empty, "")
	kept := {true: _empty, false: rest}[rest == ""]
])

# A line and, behind it, what is quoted or filled in there; most have nothing of the kind.
_of_line(code, running) := [code] if {
	strings.replace_n({"\"": "", "$(": "", "'": "", "`": ""}, code) == code
} else := [run |
	some outer in _parts(code, "\"", running)
	some quoted in _parts(outer, "'", running)
	some run in _run(quoted)
]

# A line of several as it is written, with those that it goes on in.
_begins(script, written) := trim_space(strings.replace_n(_ends, written)) if {
	contains(script, "\n")
} else := ""

# A text and what a shell runs to fill it in, between `$(` and `)` or between backquotes.
_run(text) := [text] if {
	not contains(text, "$(")
	not contains(text, "`")
} else := array.concat([_folded(text)], filled_in(text))

# A text in which what is filled in is sealed, so that it is one word or a part of one.
_folded(text) := _without_brackets(_without_backquotes(text))

_without_backquotes(text) := folded if {
	contains(text, "`")
	pieces := split(text, "`")
	count(pieces) % 2 == 1
	folded := concat("", [kept | some i, piece in pieces; kept := [piece, sprintf("$%v", [_sealed(piece)])][i % 2]])
} else := text

_without_brackets(text) := concat("$", array.concat([pieces[0]], folded)) if {
	pieces := split(text, "$(")
	folded := [kept |
		some i, piece in pieces
		i > 0
		ends := indexof(piece, ")")
		ends >= 0
		inner := substring(piece, 0, ends)
		not contains(inner, "(")
		kept := sprintf("%v%v", [_sealed(inner), substring(piece, ends + 1, -1)])
	]
	count(folded) == count(pieces) - 1
} else := text

_sealed(text) := strings.replace_n(_seals, text)

# What a shell runs to fill a text in.
filled_in(text) := array.concat(
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
} else := _without_brackets(concat("$(", array.slice(pieces, i, min([count(pieces), i + 8]))))

# A text whose quoted parts are sealed, and those parts. With an odd number of quotes nothing is sealed.
_parts(text, quote, running) := [text] if {
	not contains(text, quote)
} else := array.concat([sealed], inner) if {
	pieces := split(text, quote)
	count(pieces) % 2 == 1
	kept := [shown | some i, piece in pieces; shown := [piece, _sealed(piece)][i % 2]]
	sealed := concat("", kept)
	inner := [run |
		some i, piece in pieces
		i % 2 == 1
		contains(piece, " ")
		some run in _quoted(piece, _before(kept, i), pieces[i + 1], quote, running)
	]
} else := [replace(text, quote, "")]

# The text in front of a quoted one, as far as the next few quotes.
_before(kept, i) := concat("", array.slice(kept, 0, i)) if {
	i < 32
} else := sprintf("%v%v", [_hidden, concat("", array.slice(kept, i - 31, i))])

# What may be run of a quoted text. A shell fills in what is between double quotes, even where it is only printed.
_quoted(piece, before, after, quote, running) := [piece] if {
	not mention.only_quotes(piece, before, after, running)
} else := [] if {
	quote == "'"
} else := filled_in(piece)

# The words of a container's commands.
words_of(container) := [word |
	some found in data.lib.podgate.command.commands
	pod.same(found.container, container)
	some word in found.words
]

# The name of a program without its directory: of what a variable holds otherwise, and of what another program finds.
program(word) := name if {
	parts := split(trim(strings.replace_n(_breaks, word), "(){}`$!@"), "/")
	name := trim_suffix(lower(parts[count(parts) - 1]), ".exe")
}

_quotes := {"\"": "", "'": "", "\\": ""}

_marks := {
	"--tls": "",
	".sock": "",
	":2375": "",
	"buildkit": "",
	"buildx": "",
	"chroot": "",
	"containerd": "",
	"ctl": "",
	"ctr": "",
	"debug": "",
	"docker": "",
	"hostipc": "",
	"hostnetwork": "",
	"hostpath": "",
	"hostpid": "",
	"insecure": "",
	"kind": "",
	"minikube": "",
	"mount": "",
	"nsenter": "",
	"oci-worker": "",
	"podman": "",
	"privileged": "",
	"rootlesskit": "",
	"tcp:": "",
}

_breaks := {":-": "/", ":=": "/", "\\": "/", "$command -v ": "/", "$type -p ": "/", "$which ": "/"}

# Escaped quotes are no quotes, but a shell in the shell runs what is between escaped backquotes. `<(` and `>(` run a
# command, as `$(` does.
_joints := {"\u0002": " ", "\u0004": " ", "\\\"": "", "\\'": "", "\\`": "`", "\t": " ", "<(": "$(", ">(": "$("}

_hidden := "\u0001"

_empty := data.lib.podgate.option.empty

_untidy := {"  ": "", _empty: ""}

# Quotes with nothing between them.
_nothing := {"\"\"": _empty, "''": _empty}

_ends := {"\u0002": "\\\n", "\u0004": "\n"}

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
