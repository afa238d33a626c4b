# The options of `docker run`, and of the programs that take the same ones, by which a container reaches the node.
package lib.podgate.option

import data.lib.podgate.node
import data.lib.podgate.path

import future.keywords.not
import rego.v1

# Those options among the words behind the name of the program, each with its value. What stands behind the image is
# for the program in it.
reaching(words) := [] if {
	text := concat(" ", words)
	strings.replace_n(_marks, text) == text
} else := found if {
	at = _at(words)
	before := array.slice(words, 0, at)
	count([word | some i, word in before; word in _others; not before[i - 1] in _global]) == 0
	own := array.slice(words, at + 1, count(words))
	padded := array.concat(own, [""])
	options := array.slice(own, 0, _image(before, own))
	all := array.concat(_more(options), [shown |
		some i, word in options
		startswith(word, "-")
		shown = _shown(word, padded[i + 1])
		not _is_value(options, i)
	])
	found := [shown | some i, shown in all; not shown in array.slice(all, 0, i)]
} else := []

# Some of these are in all words of which one reaches the node.
_marks := {
	"--cap-add": "",
	"--device": "",
	"--net": "",
	"--privileged": "",
	"--security-opt": "",
	"--use-api-socket": "",
	"/": "",
	"\\": "",
	"host": "",
	more: "",
}

# A word for one that is empty, since a shell was told `""`.
empty := "\u0006"

# A word for all values of a variable that are not judged since there are too many.
more := "--\u0005"

_more(options) := ["with more values of a variable than are judged"] if {
	contains(concat("", options), more)
} else := []

# What those words do: run a container, be it made first, or a program in one that runs.
verb(words) := "exec" if {
	words[_at(words)] == "exec"
} else := "run"

# Where the first verb is that is no value of an option.
_at(words) := found[0] if {
	found := [i | some i, word in words; word in verbs; not words[i - 1] in _global]
	count(found) > 0
}

# Where the image is: behind the options and their values. A word that is filled in may be options itself. Volumes
# have no image, and take options behind their names.
_image(before, words) := count(words) if {
	"volume" in before
} else := images[0] if {
	padded := array.concat([""], words)
	images := [i |
		some i, word in words
		not strings.any_prefix_match(word, ["$", "-"])
		not _takes_next(padded[i])
		not word in {"", empty}
	]
	count(images) > 0
	count([word | some word in array.slice(words, 0, images[0]); endswith(word, "$")]) == 0
} else := count(words)

# Whether a word is an option whose value is the next word.
_takes_next(word) if {
	startswith(word, "--")
	not contains(word, "=")
	not word in alone
} else if {
	startswith(word, "-")
	not startswith(word, "--")
	count(trim_left(word, "-PTdiqt")) == 1
}

# Whether a word is the value of the option in front of it, which is itself none.
_is_value(words, i) if {
	words[i - 1] in valued
	not _may_take(words[i - 2])
}

_may_take(word) if {
	startswith(word, "$")
} else if {
	_takes_next(word)
}

# An option that reaches the node, with its value; undefined where it does not.
_shown(word, next) := word if {
	word in _flags
} else := shown if {
	startswith(word, "--")
	at := indexof(word, "=")
	at > 0
	shown = _reaches(substring(word, 0, at), substring(word, at + 1, -1))
} else := _reaches(word, next) if {
	startswith(word, "--")
} else := shown if {
	not startswith(word, "--")
	letters := trim_left(word, "-PTdiqt")
	value := trim_prefix(substring(letters, 1, -1), "=")
	shown = _reaches(sprintf("-%v", [substring(letters, 0, 1)]), {true: next, false: value}[value == ""])
}

# Options that need no value.
_flags := {"--net-host", "--privileged", "--use-api-socket"}

_reaches(name, value) := name if {
	name in _flags
	not lower(value) in {"0", "f", "false"}
} else := sprintf("-v %v", [value]) if {
	name in {"--volume", "-v"}
	_binds_host(value)
} else := sprintf("%v %v", [name, value]) if {
	_gives(name, value)
}

_gives(name, value) if {
	name in {"--cgroupns", "--ipc", "--pid", "--userns"}
	value == "host"
} else if {
	name in {"--net", "--network"}
	"host" in split(value, ",")
} else if {
	# Most versions of Docker read this form in any case.
	name in {"--net", "--network"}
	"name=host" in split(lower(value), ",")
} else if {
	name == "--cap-add"
	count([one | some one in split(upper(value), ","); trim_prefix(one, "CAP_") in _capabilities]) > 0
} else if {
	name == "--security-opt"
	strings.any_suffix_match(lower(value), ["disable", "spc_t", "unconfined", "unmask=all"])
} else if {
	name == "--device-cgroup-rule"
} else if {
	name == "--device"
	startswith(value, "/")
	not strings.any_prefix_match(value, harmless_devices)
	verdict := node.judge(path.read(split(value, ":")[0]), "BlockDevice")
	verdict.class == "device"
	verdict.severity != "low"
} else if {
	name == "--mount"
	hosts := [part |
		some part in split(value, ",")
		strings.any_prefix_match(lower(part), ["source=", "src=", "volume-opt=device="])
		fields := split(part, "=")
		is_host(fields[count(fields) - 1])
	]
	count(hosts) > 0
} else if {
	name in {"--opt", "-o"}
	startswith(value, "device=")
	is_host(trim_prefix(value, "device="))
} else if {
	name == "--with-ns"
	contains(value, "/proc/1/ns")
}

# A volume that is a place of the node. What everybody may read is told no more than any image's own.
_binds_host(value) if {
	parts := split(value, ":")
	is_host(_source(parts))
	not _only_read(parts)
}

# A path on a Windows drive has a colon of its own.
_source(parts) := sprintf("%v:%v", [parts[0], parts[1]]) if {
	count(parts[0]) == 1
	parts[0] != "/"
	count(parts) > 1
} else := parts[0]

_only_read(parts) if {
	parts[0] in {"/etc/group", "/etc/hosts", "/etc/passwd"}
	count(parts) > 2
	"ro" in split(parts[2], ",")
}

# Whether a path is one of the places of a node that the policies on its files ask about.
is_host(source) if {
	_is_path(source)
	verdict := node.judge(path.read(source), "")
	verdict.class in _classes
	verdict.severity != "low"
}

_is_path(source) if {
	strings.any_prefix_match(source, ["/", `\`])
} else if {
	substring(source, 1, 2) in {":/", `:\`}
}

_classes := {"device", "kubelet", "log", "parent", "runtime-data", "sensitive", "socket"}

_capabilities := {"ALL", "DAC_READ_SEARCH", "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO"}

# Devices that are in every container, or are made for everybody.
harmless_devices := [
	"/dev/fuse",
	"/dev/hugepages",
	"/dev/loop",
	"/dev/mqueue",
	"/dev/null",
	"/dev/pts",
	"/dev/shm",
]

# The subcommands that take them.
verbs := {"create", "exec", "run"}

# Options in front of a verb whose values may be any word.
_global := {
	"--config",
	"--connection",
	"--context",
	"--env-file",
	"--file",
	"--host",
	"--log-level",
	"--namespace",
	"--profile",
	"--project-directory",
	"--project-name",
	"--root",
	"-H",
	"-c",
	"-f",
	"-l",
	"-n",
	"-p",
}

# Arguments that are no group of commands with one of those verbs.
_others := {
	"bake",
	"build",
	"buildx",
	"context",
	"image",
	"images",
	"login",
	"logs",
	"manifest",
	"network",
	"ps",
	"pull",
	"push",
	"rm",
	"rmi",
	"secret",
	"tag",
}

# Options that take the next word as their value in all of those programs, whatever it begins with.
valued := {
	"--annotation",
	"--entrypoint",
	"--env",
	"--env-file",
	"--hostname",
	"--label",
	"--label-file",
	"--name",
	"--publish",
	"--user",
	"--workdir",
	"-e",
	"-u",
	"-w",
}

# Options without a value of their own; of any other the next word is the value.
alone := {
	"--allow-new-privs",
	"--build",
	"--detach",
	"--disable-content-trust",
	"--init",
	"--interactive",
	"--net-host",
	"--no-deps",
	"--no-healthcheck",
	"--no-hosts",
	"--no-TTY",
	"--oom-kill-disable",
	"--privileged",
	"--publish-all",
	"--quiet",
	"--quiet-pull",
	"--read-only",
	"--remove-orphans",
	"--replace",
	"--rm",
	"--service-ports",
	"--sig-proxy",
	"--tls-verify",
	"--tty",
	"--use-aliases",
	"--use-api-socket",
}
