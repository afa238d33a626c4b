# Lines of a script that are no commands: a shell shows them, or writes them to a document.
package lib.podgate.heredoc

import data.lib.podgate.command
import data.lib.podgate.mention

import future.keywords.not
import rego.v1

# A script without such lines. What a shell fills in there stays, and so does all that may be run later.
without_texts(script) := script if {
	not contains(script, "<<")
} else := script if {
	count(split(script, "<<")) > _most
} else := concat("<<", array.concat([pieces[0]], shown)) if {
	pieces := split(script, "<<")
	plain := _plain(script)
	is_shown := _is_shown(plain)
	known := {"text": script, "is_shown": is_shown, "passing": _passing_lines(plain, is_shown)}
	shown := [rest |
		some i, piece in pieces
		i > 0
		rest := _rest(known, pieces[i - 1], piece)
	]
}

# More such texts than this are read as commands.
_most := 65

# A script in which a pipe stands right in front of what it leads to, and `>` right behind what it leads from.
_plain(script) := replace(concat("|", [trim_left(piece, _blanks) | some piece in split(script, "|")]), " >", ">")

_blanks := " \t\n\u0002"

# Whether what a script prints is only shown, as far as it says: not passed to a shell or written to a file.
_is_shown(plain) if {
	strings.replace_n(_passing, plain) == plain
	not _has_function_and_script(plain)
} else := false

# The lines of a script that pass something on.
_passing_lines(plain, is_shown) := "" if {
	is_shown
} else := concat("\n", [line | some line in split(plain, "\n"); strings.replace_n(_passing, line) != line])

_passing := {
	" <(": "",
	")>": "",
	")|": "",
	"done>": "",
	"done|": "",
	"-c \"$(": "",
	"-c $(": "",
	"eval ": "",
	"exec>": "",
	"fi>": "",
	"fi|": "",
	"sh <<<": "",
	"|$": "",
	"|/": "",
	"|ash": "",
	"|bash": "",
	"|chroot": "",
	"|dash": "",
	"|docker": "",
	"|env": "",
	"|kubectl": "",
	"|nsenter": "",
	"|sh": "",
	"|ssh": "",
	"|su": "",
	"|while": "",
	"|xargs": "",
	"|zsh": "",
	"}>": "",
	"}|": "",
}

# What a function prints may be written where it is called.
_has_function_and_script(text) if {
	contains(text, "()")
	strings.replace_n({"+x": "", ".sh": "", "755": "", "777": ""}, text) != text
}

# What follows `<<`, without the lines up to the delimiter where they are only a text.
_rest(script, before, piece) := concat("\n", [lines[0], _filled(body, delimiter), rest]) if {
	lines := split(piece, "\n")
	delimiter = _delimiter(lines[0])
	_is_text(script, before, lines[0])
	parts := split(strings.replace_n(_ends(lines[0], delimiter.name), sprintf("%v\n", [piece])), _end)
	count(parts) > 1
	body := trim_prefix(parts[0], lines[0])
	rest := trim_suffix(concat(sprintf("\n%v\n", [delimiter.name]), array.slice(parts, 1, count(parts))), "\n")
} else := piece

_end := "\u0003"

# The lines that end the text: behind `<<-` tabs may stand in front of the delimiter. A line that goes on ends none in
# some cases; here it does in all.
_ends(head, name) := {sprintf("%v%v\n", [start, name]): _end | some start in ["\n", "\u0002"]} if {
	not startswith(head, "-")
} else := {sprintf("%v%v\n", [start, name]): _end |
	some start in ["\n", "\u0002", "\n\t", "\n\t\t", "\n\t\t\t", "\n\t\t\t\t"]
}

# The delimiter, and whether it is quoted, so that nothing is filled in.
_delimiter(head) := {"name": name, "quoted": name != word} if {
	word := split(strings.replace_n(_separators, trim_left(head, "- ")), " ")[0]
	name := strings.replace_n({"\"": "", "'": "", "\\": ""}, word)
	name != ""
	strings.replace_n({"$": "", "<": "", "`": ""}, name) == name
}

_separators := {"\t": " ", "\u0002": " ", "&": " ", "(": " ", ")": " ", ";": " ", ">": " ", "|": " "}

# What a shell fills in, of a text whose delimiter is not quoted.
_filled(body, delimiter) := "" if {
	delimiter.quoted
} else := concat("\n", command.filled_in(strings.replace_n({"\\$": "", "\\`": ""}, replace(body, "\\\\", ""))))

# Whether the command in front of `<<` shows its input, or writes it to documents alone.
_is_text(script, before, head) if {
	lines := split(before, "\n")
	line := lines[count(lines) - 1]
	_is_plain(line)
	not contains(head, "|")
	not contains(head, "(")
	not contains(head, "`")
	own := mention.last_simple(replace(line, ">&", ">"))
	behind := split(replace(strings.replace_n({"\u0002": " ", "\t": " "}, head), ">&", ">"), " ")
	after := split(strings.replace_n({"&": ";"}, concat(" ", array.slice(behind, 1, count(behind)))), ";")[0]
	mention.begins_with(own, ["cat ", "tee "])
	words := [word |
		some word in split(replace(replace(sprintf("%v %v", [own, after]), ">>", ">"), ">", " > "), " ")
		word != ""
	]
	_goes_to_documents(script, words)
}

# A line in which `<<` is no part of a quoted text, a comment or what is filled in.
_is_plain(line) if {
	strings.replace_n({"#": "", "(": "", "\\": "", "`": ""}, line) == line
	count(split(line, "'")) % 2 == 1
	count(split(line, "\"")) % 2 == 1
}

_goes_to_documents(script, words) if {
	files := [file |
		some i, word in words
		_is_file(words, i)
		file := trim(word, "\"'{}")
	]
	count([file | some file in files; not _is_document(script, file)]) == 0
	_is_shown_or_written(script, words, files)
}

# What follows `>`, and the arguments of tee.
_is_file(words, i) if {
	words[i - 1] == ">"
} else if {
	"tee" in words
	not words[i] in {">", "tee"}
	not startswith(words[i], "-")
	not mention.leads(words[i])
}

# Whether what the command prints is only shown, or goes to a file and nowhere else.
_is_shown_or_written(script, words, files) if {
	script.is_shown
} else if {
	not "tee" in words
	not "2" in words
	count([file | some file in files; not file in {"/dev/stdout", "1"}]) > 0
}

_is_document(script, file) if {
	file in {"$GITHUB_STEP_SUMMARY", "/dev/null", "/dev/stderr", "/dev/stdout", "/dev/tty", "1", "2"}
} else if {
	parts := split(file, "/")
	name := parts[count(parts) - 1]
	_is_document_name(name)
	text := replace(script.text, file, name)
	patterns := {sprintf("%v%v", [use, name]): "" | some use in _uses}
	strings.replace_n(patterns, text) == text
	not _is_passed_on(script, text, name)
}

# Whether a file may be printed for a shell: where something is passed on, or by `cat` anywhere.
_is_passed_on(script, text, name) if {
	contains(script.passing, name)
} else if {
	not script.is_shown
	contains(text, sprintf("cat %v", [name]))
}

_is_document_name(name) if {
	strings.any_suffix_match(lower(name), [".adoc", ".htm", ".html", ".markdown", ".md", ".rst", ".txt"])
} else if {
	strings.any_prefix_match(name, ["Containerfile", "Dockerfile"])
	strings.replace_n({".sh": "", "$": ""}, name) == name
} else if {
	lower(name) in _document_names
}

# Names that documents have without an ending.
_document_names := {
	"authors",
	"changelog",
	"changes",
	"contributing",
	"copying",
	"licence",
	"license",
	"news",
	"notes",
	"notice",
	"readme",
	"todo",
}

# What stands in front of a file that is run.
_uses := [
	"+x ",
	". ",
	"./",
	"755 ",
	"777 ",
	"< ",
	"<",
	"exec ",
	"sh ",
	"source ",
]
