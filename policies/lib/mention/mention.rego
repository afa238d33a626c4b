# Commands that only name others: they print what they are told, search for it, or handle its files.
package lib.podgate.mention

import future.keywords.not
import rego.v1

# The names in a line that run what they are told: what prints for a shell runs what it prints.
runs(line, known) := known if {
	not contains(line, "|")
} else := known if {
	text := strings.replace_n(_blanks, sprintf("%v ", [line]))
	strings.replace_n(_shells, text) == text
} else := (known | names) | {"cat", "echo", "printf"}

_blanks := {"\"": " ", "'": " ", ")": " ", ";": " ", "| ": "|", "||": ";"}

_shells := {
	"|/bin/bash ": "",
	"|/bin/sh ": "",
	"|ash ": "",
	"|bash ": "",
	"|dash ": "",
	"|sh ": "",
	"|ssh ": "",
	"|su ": "",
	"|sudo -E bash ": "",
	"|sudo bash ": "",
	"|sudo sh ": "",
	"|zsh ": "",
}

# Whether a simple command does no more than that, where these names run what they are told.
only_names(part, running) := _is_one(part, _mentions, running)

# Whether the command in front of a quoted text only prints it, searches for it or passes it on, or keeps it under a
# name that texts have.
only_quotes(piece, before, after, running) if {
	part := last_simple(before)
	_is_one(part, _quoting, running)
	not _runs_text(part, piece, after)
} else if {
	strings.any_prefix_match(sprintf("%v;", [trim_left(after, " ")]), [";", "&"])
	words := split(last_simple(before), " ")
	strings.any_suffix_match(lower(words[count(words) - 1]), _text_names)
	count([word | some word in words; not word in _declaring]) == 1
}

_is_one(part, programs, running) if {
	begins_with(part, programs)
	not _calls(part, running)
} else := false

_calls(part, names) if {
	count(names) > 0
	own := [word | some word in split(part, " "); not leads(word)]
	own[0] in names
}

# The last simple command of a text.
last_simple(before) := trim_left(parts[count(parts) - 1], " ") if {
	parts := simple(_innermost(before))
}

# The simple commands of a text. A bracket without another in front of it ends the pattern of a `case`, or commands of
# the lines above.
simple(text) := split(strings.replace_n(_ends, text), "\n") if {
	not contains(text, ")")
} else := [command | some arm in split(text, ";;"); some command in _arm(arm)]

_arm(text) := array.concat(split(strings.replace_n(_ends, pieces[0]), "\n"), behind) if {
	pieces := split(text, ")")
	count(pieces) > 1
	strings.replace_n(_no_pattern, pieces[0]) == pieces[0]
	behind := split(strings.replace_n(_ends, concat(")", array.slice(pieces, 1, count(pieces)))), "\n")
} else := split(strings.replace_n(_ends, text), "\n")

# Whether a command is one of those, whatever keyword, assignment or `sudo` is in front of it.
begins_with(part, programs) if {
	strings.any_prefix_match(sprintf("%v ", [part]), programs)
} else if {
	_is_led(part)
	words := split(part, " ")
	own := [i | some i, word in words; not leads(word)]
	count(own) > 0
	rest := concat(" ", array.slice(words, own[0], count(words)))
	strings.any_prefix_match(sprintf("%v ", [rest]), programs)
} else := false

_is_led(part) if {
	strings.any_prefix_match(part, _leaders)
} else if {
	contains(split(part, " ")[0], "=")
}

# Whether a word only leads to the program of a command: a keyword, `sudo`, an assignment.
leads(word) if {
	strings.any_prefix_match(sprintf("%v ", [word]), _leaders)
} else if {
	word in {"", "-E", "-H", "-i", "-n"}
} else if {
	indexof(word, "=") > 0
	not strings.any_prefix_match(word, ["$", "-", "/"])
}

# Whether a program that mostly reads a quoted text runs it: `system()` and pipes of awk, the flag and command `e` of
# sed, what git or rg is told to run for it.
_runs_text(part, piece, after) if {
	strings.replace_n(_running, part) != part
} else if {
	contains(part, "sed ")
	strings.any_suffix_match(piece, ["#e", ",e", "/e", "|e"])
} else if {
	contains(part, "sed ")
	strings.any_prefix_match(piece, ["$e ", "1e ", "e "])
} else if {
	contains(part, "awk ")
	text := sprintf("%v%v", [part, piece])
	strings.replace_n({"system": "", "|": ""}, text) != text
} else if {
	contains(part, "awk ")
	count(split(part, "'")) % 2 == 0
	contains(after, "|")
}

# The end of a text that is still open behind `$(` or a backquote, or else all of it.
_innermost(text) := pieces[count(pieces) - 1] if {
	pieces := split(text, "`")
	count(pieces) % 2 == 0
} else := pieces[count(pieces) - 1] if {
	pieces := split(text, "$(")
	not contains(pieces[count(pieces) - 1], ")")
} else := text

_ends := {";": "\n", "&": "\n", "|": "\n", "(": " ", ")": " ", "`": " "}

# What no pattern of a `case` holds.
_no_pattern := {"$": "", "(": "", "`": ""}

# What stands in front of a command in the same line.
_leaders := [
	"! ",
	"do ",
	"elif ",
	"else ",
	"env ",
	"if ",
	"sudo ",
	"then ",
	"time ",
	"until ",
	"while ",
	"{ ",
]

_running := {
	" --exec": "",
	" --pre": "",
	" -exec": "",
	" bisect ": "",
	" filter-branch ": "",
	" foreach ": "",
	"alias.": "",
}

_declaring := {"declare", "local", "readonly"}

# Names of variables that hold a text for people.
_text_names := [
	"body=",
	"comment=",
	"description=",
	"expected=",
	"help=",
	"message=",
	"msg=",
	"note=",
	"notes=",
	"pattern=",
	"regex=",
	"summary=",
	"text=",
	"title=",
	"usage=",
]

# What commands begin with that run no quoted text.
_quoting := array.concat(_mentions, [
	": ",
	"awk ",
	"docker build ",
	"docker buildx build ",
	"docker image ",
	"docker images ",
	"docker inspect ",
	"docker pull ",
	"docker push ",
	"docker rmi ",
	"docker tag ",
	"go build ",
	"jq ",
	"podman build ",
	"podman image ",
	"podman images ",
	"podman inspect ",
	"podman pull ",
	"podman push ",
	"podman rmi ",
	"podman tag ",
	"sed ",
])

# Names of functions and programs that print, unless a script says otherwise.
names := {
	"abort",
	"die",
	"err",
	"error",
	"fail",
	"fatal",
	"info",
	"log",
	"log_error",
	"log_info",
	"log_warn",
	"logger",
	"notice",
	"print",
	"warn",
	"warning",
}

# What commands begin with that only name a program, or handle its files.
_mentions := array.concat([sprintf("%v ", [name]) | some name in names], [
	"[ ",
	"[[ ",
	"ag ",
	"apk ",
	"apt ",
	"apt-get ",
	"cat ",
	"cd ",
	"chmod ",
	"chown ",
	"command -v ",
	"cp ",
	"curl ",
	"dnf ",
	"echo ",
	"egrep ",
	"gh issue ",
	"gh pr ",
	"gh release ",
	"git ",
	"grep ",
	"hash ",
	"install ",
	"ln ",
	"ls ",
	"mkdir ",
	"mv ",
	"pgrep ",
	"pip ",
	"pkill ",
	"printf ",
	"rg ",
	"rm ",
	"tar ",
	"test ",
	"touch ",
	"type ",
	"wget ",
	"which ",
	"yum ",
])
