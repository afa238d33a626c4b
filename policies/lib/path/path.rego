# Reads a path on the node as the kernel would: without detours, and under the one name that the lists know.
package lib.podgate.path

import future.keywords.not
import rego.v1

# What a path says once read: `clean` is the path without detours, `canonical` the one name of the place, `names`
# its parts; `tidy` says that it was written without detours.
read(raw) := _read_linux(raw, trim_space(raw)) if {
	startswith(raw, "/")
	not startswith(raw, "//")
	not unresolved(raw)
} else := _unresolved_place(raw) if {
	unresolved(raw)
} else := _unresolved_place(raw) if {
	raw == ""
} else := _read_pipe(_slashed(raw)) if {
	strings.any_prefix_match(_slashed(raw), ["npipe:", "//./pipe", "//?/pipe", "//localhost/pipe"])
} else := _read_windows(raw, trim_prefix(_slashed(raw), "//?/")) if {
	substring(trim_prefix(_slashed(raw), "//?/"), 1, 1) == ":"
} else := _read_linux(raw, _slashed(raw)) if {
	contains(raw, `\`)
	not startswith(raw, "/")
} else := _read_linux(raw, trim_space(raw)) if {
	is_string(raw)
} else := _unresolved_place(raw)

# Text that something else fills in later: a Kubernetes variable, a shell or Groovy variable, a template.
unresolved(raw) if {
	contains(raw, "$(")
} else if {
	contains(raw, "${")
} else if {
	contains(raw, "{{")
}

_unresolved_place(raw) := {"clean": raw, "canonical": raw, "names": [], "tidy": true, "resolved": false}

_read_linux(raw, text) := place if {
	segments := _segments(text)
	names := _renamed(_past_proc(_past_sysroot(_past_proc(segments))))
	clean := sprintf("/%v", [concat("/", segments)])
	canonical := sprintf("/%v", [concat("/", names)])
	place := {
		"clean": clean,
		"canonical": canonical,
		"names": names,
		"tidy": _tidy(raw, clean, segments),
		"resolved": true,
	}
}

_read_windows(raw, text) := place if {
	segments := _segments(text)
	clean := sprintf("%v/%v", [segments[0], concat("/", array.slice(segments, 1, count(segments)))])
	names := array.concat(["c:"], array.slice(segments, 1, count(segments)))
	canonical := concat("/", names)
	tidy := _slashed(raw) == clean
	place := {"clean": clean, "canonical": canonical, "names": names, "tidy": tidy, "resolved": true}
}

# Only what follows the word pipe tells one pipe from another.
_read_pipe(text) := place if {
	whole := sprintf("%v/", [trim_prefix(text, "npipe:")])
	rest := _segments(substring(whole, indexof(whole, "pipe/") + 5, -1))
	canonical := sprintf("//./pipe/%v", [concat("/", rest)])
	names := array.concat(["//./pipe"], rest)
	place := {"clean": canonical, "canonical": canonical, "names": names, "tidy": true, "resolved": true}
}

_slashed(raw) := lower(replace(trim_space(raw), `\`, "/"))

_segments(text) := segments if {
	segments := [name | some name in split(text, "/"); not name in {"", "."}]
	not ".." in segments
} else := names if {
	segments := [name | some name in split(text, "/"); not name in {"", "."}]
	heights := [height |
		some i, _ in segments
		before := array.slice(segments, 0, i + 1)
		ups := count([name | some name in before; name == ".."])
		height := count(before) - (2 * ups)
	]

	# A name stays unless, from it to some later place, the `..` outnumber the names.
	names := [name |
		some i, name in segments
		name != ".."
		min(array.slice(heights, i, count(heights))) >= heights[i]
	]
}

_tidy(raw, clean, segments) if {
	raw == clean
	not _through_proc(segments)
} else := false

_through_proc(segments) if {
	segments[0] == "proc"
	segments[2] == "root"
}

# The root of any process is the root of the node, as often as it is asked for.
_past_proc(segments) := segments if {
	not segments[0] == "proc"
} else := array.slice(segments, max(roots) + 1, count(segments)) if {
	roots := [i | some i, name in segments; name == "root"; _process_at(segments, i)]
	count(roots) > 0
} else := segments

_process_at(segments, i) if {
	segments[i - 2] == "proc"
} else if {
	segments[i - 2] == "task"
	segments[i - 4] == "proc"
}

_past_sysroot(segments) := segments if {
	not segments[0] == "sysroot"
} else := array.slice(segments, 1, count(segments))

_renamed(segments) := names if {
	segments[0] == "var"
	short = {"home": "home", "roothome": "root", "run": "run"}[segments[1]]
	names := array.concat([short], array.slice(segments, 2, count(segments)))
} else := names if {
	segments[0] in {"bin", "lib", "lib32", "lib64", "sbin"}
	names := array.concat(["usr"], segments)
} else := segments
