# Reads a path on the node as the kernel would: without detours, and under the one name that the lists know.
package lib.podgate.path

import future.keywords.not
import rego.v1

# What a path says once read: `clean` is the path without detours, `canonical` the one name of the place and `names`
# its parts; `tidy` says that it was written without detours. Most paths are, and are read at one go.
read(raw) := place if {
	is_string(raw)
	startswith(raw, "/")
	not contains(raw, "$")
	not contains(raw, "{{")
	segments := split(substring(raw, 1, -1), "/")
	plain := [name | some name in segments; not name in {"", ".", ".."}]
	count(plain) == count(segments)
	trim_space(raw) == raw
	not lower(segments[0]) in _windows_roots
	names := _names(segments)
	place := {
		"clean": raw,
		"canonical": sprintf("/%v", [concat("/", names)]),
		"names": names,
		"tidy": (count(segments) - count(names)) < 2,
		"resolved": true,
	}
} else := {"clean": raw, "canonical": raw, "names": [], "tidy": true, "resolved": false} if {
	unresolved(raw)
} else := _read_pipe(_slashed(raw)) if {
	strings.any_prefix_match(_slashed(raw), ["npipe:", "//./pipe", "//?/pipe", "//localhost/pipe"])
} else := _read_windows(trim_prefix(_slashed(raw), "//?/")) if {
	substring(trim_prefix(_slashed(raw), "//?/"), 1, 1) == ":"
} else := _read_windows(sprintf("c:/%v", [trim_left(_slashed(raw), "/")])) if {
	# The kubelet of a Windows node takes a path without a drive for one on C:.
	split(trim_left(_slashed(raw), "/"), "/")[0] in _windows_roots
} else := _read(raw, _slashed(raw)) if {
	contains(raw, `\`)
	not startswith(raw, "/")
} else := _read(raw, trim_space(raw))

_windows_roots := {"programdata", "windows"}

# Text that is no path yet: something fills it in later, or there is none.
unresolved(raw) if {
	not is_string(raw)
} else if {
	raw == ""
} else if {
	contains(raw, "$(")
} else if {
	contains(raw, "${")
} else if {
	contains(raw, "{{")
} else if {
	# A variable of GitLab's and of others; Kubernetes knows none here.
	startswith(raw, "$")
	not contains(raw, "..")
}

_read(raw, text) := place if {
	segments := _segments(trim_space(text))
	names := _names(segments)
	clean := sprintf("/%v", [concat("/", segments)])
	place := {
		"clean": clean,
		"canonical": sprintf("/%v", [concat("/", names)]),
		"names": names,
		"tidy": _tidy(raw == clean, count(segments) - count(names)),
		"resolved": true,
	}
}

_read_windows(text) := place if {
	segments := _segments(text)
	rest := array.slice(segments, 1, count(segments))
	clean := sprintf("%v/%v", [segments[0], concat("/", rest)])
	names := array.concat(["c:"], rest)
	place := {"clean": clean, "canonical": clean, "names": names, "tidy": text == clean, "resolved": true}
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
} else := [] if {
	# To find out where so many lead takes its time, and nobody writes them who means well: it may be the root.
	count(split(text, "/")) > 200
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

# A path through the root of a process loses more than one name on the way to its canonical name.
_tidy(same, lost) if {
	same
	lost < 2
} else := false

# The canonical names of a place.
_names(segments) := segments if {
	not segments[0] in {"bin", "lib", "lib32", "lib64", "proc", "sbin", "sysroot", "var"}
} else := array.concat(["run"], array.slice(segments, 2, count(segments))) if {
	segments[0] == "var"
	segments[1] == "run"
} else := segments if {
	segments[0] == "var"
	not segments[1] in {"home", "roothome"}
} else := _renamed(_past_proc(_past_sysroot(_past_proc(segments))))

# The root of any process is the root of the node, as often as it is asked for.
_past_proc(segments) := array.slice(segments, max(roots) + 1, count(segments)) if {
	segments[0] == "proc"
	roots := [i | some i, name in segments; name == "root"; _of_process(segments, i)]
	count(roots) > 0
} else := segments

_of_process(segments, i) if {
	segments[i - 2] == "proc"
} else if {
	segments[i - 2] == "task"
	segments[i - 4] == "proc"
}

_past_sysroot(segments) := array.slice(segments, 1, count(segments)) if {
	segments[0] == "sysroot"
} else := segments

_renamed(segments) := array.concat([short], array.slice(segments, 2, count(segments))) if {
	segments[0] == "var"
	short = {"home": "home", "roothome": "root", "run": "run"}[segments[1]]
} else := array.concat(["usr"], segments) if {
	segments[0] in {"bin", "lib", "lib32", "lib64", "sbin"}
} else := segments
