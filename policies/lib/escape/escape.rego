# What a pod has and runs that takes a build out to the node.
package lib.podgate.escape

import data.lib.podgate.command
import data.lib.podgate.kubectl
import data.lib.podgate.mention
import data.lib.podgate.node
import data.lib.podgate.option
import data.lib.podgate.path
import data.lib.podgate.variable

import future.keywords.not
import rego.v1

# Places of the node in the pod that are, or hold, the socket of a container runtime.
sockets := [entry |
	some entry in data.lib.podgate.volume.host_paths
	entry.class in {"parent", "socket"}
]

# Commands that go for the node: containers with its files or rights, and its namespaces, disks and runtime.
commands := array.concat(_commands, [entry |
	some given in data.lib.podgate.compose.given
	entry := object.union(given, {"severity": _severity})
])

_commands := [entry |
	some found in _telling
	some i, word in found.words
	name = _begins[word.text]
	some words in _runs(found, i, word.text, name)
	what = _act(words[0], array.slice(words, 1, count(words)))
	not _is_anothers(found, i, words)
	entry := {
		"container": found.container,
		"field": sprintf("%v/%v", [word.field, word.index]),
		"line": found.line,
		"what": what,
		"severity": _severity,
	}
]

# Commands with the name of one of those programs, or a variable that may hold it.
_telling := [found |
	some found in data.lib.podgate.command.commands
	strings.replace_n(_marks, found.text) != found.text
]

_marks := object.union({" $": ""}, {name: "" | some name in _programs})

# The words with which one of them may begin, each with its name, or `$`.
_begins := {text: name |
	some text in {word.text | some found in _telling; some word in found.words}
	name = _begun(text)
}

_begun(text) := name if {
	name := command.program(text)
	name in _programs
} else := "$" if {
	startswith(text, "$")
}

_programs := {
	"chroot",
	"crictl",
	"ctr",
	"curl",
	"docker",
	"docker-compose",
	"helm",
	"kubectl",
	"mount",
	"nc",
	"ncat",
	"nerdctl",
	"nsenter",
	"oc",
	"podman",
	"podman-remote",
	"socat",
}

_runners := {"ctr", "docker", "docker-compose", "nerdctl", "podman", "podman-remote"}

_clients := {"curl", "nc", "ncat", "socat"}

# What may be run where a word stands: the name of one of those programs, with the words behind it. What a variable
# holds that is not known may be any.
_runs(found, i, text, name) := [array.concat([name], _behind(found, i))] if {
	name != "$"
	_is_run(found, i, name)
} else := runs if {
	startswith(text, "$")
	not found.mention
	_is_first(found.words, i)
	behind := _behind(found, i)
	lists := variable.begun(found.of, text)
	known := {run | some list in lists; some own in _known(list); run := array.concat(own, behind)}
	others := {run |
		some list in lists
		not command.program(list[0]) in _programs
		run := array.concat([text], array.concat(array.slice(list, 1, count(list)), behind))
	}
	runs := known | _not_known(known, others, lists)
} else := []

_behind(found, i) := variable.filled(found.of, texts) if {
	texts := [word.text | some word in array.slice(found.words, i + 1, count(found.words))]
}

# What a value runs of those programs, be it behind others.
_known(list) := {run |
	words := [{"text": word} | some word in array.slice(list, 0, _most_leading)]
	value := {"mention": mention.only_names(concat(" ", list), set()), "words": words}
	some i, word in words
	name := command.program(word.text)
	name in _programs
	_is_run(value, i, name)
	run := array.concat([name], array.slice(list, i + 1, count(list)))
}

# Values with none of those programs in front count where one of these is not found to run a container.
_not_known(known, others, lists) := others if {
	lists[count(lists) - 1] == [data.lib.podgate.option.more]
} else := set() if {
	found := [what |
		some run in known
		run[0] in _runners
		what = _act(run[0], array.slice(run, 1, count(run)))
	]
	count(found) > 0
} else := others

# Whether what a variable is taken to run is what a program that is named behind it runs: no verb stands between them.
_is_anothers(found, i, words) if {
	startswith(words[0], "$")
	named := [k |
		some k, word in found.words
		k > i
		name = _begins[word.text]
		name in _runners
		_is_run(found, k, name)
	]
	count(named) > 0
	own := array.slice(words, 1, count(words) - count(_behind(found, i)))
	texts := [word.text | some word in array.slice(found.words, i + 1, named[0])]
	between := array.concat(own, variable.filled(found.of, texts))
	count([text | some text in between; text in data.lib.podgate.option.verbs]) == 0
}

# Whether a word stands where a program does: at the beginning, or behind what runs another one.
_is_first(words, i) if {
	i == 0
} else if {
	words[i - 1].text in _around
} else if {
	startswith(words[i - 1].text, "-")
} else if {
	contains(words[i - 1].text, "=")
} else if {
	command.program(words[0].text) in _carriers
}

_around := {
	"!",
	"--",
	"command",
	"do",
	"elif",
	"else",
	"env",
	"eval",
	"exec",
	"if",
	"nohup",
	"sudo",
	"then",
	"time",
	"until",
	"while",
	"xargs",
	"{",
}

# Programs that run what is somewhere among their arguments.
_carriers := {
	"bash",
	"busybox",
	"case",
	"chroot",
	"command",
	"doas",
	"dumb-init",
	"eval",
	"exec",
	"flock",
	"gosu",
	"ionice",
	"nice",
	"nohup",
	"nsenter",
	"parallel",
	"retry",
	"run",
	"runuser",
	"setpriv",
	"setsid",
	"sh",
	"ssh",
	"stdbuf",
	"su",
	"su-exec",
	"timeout",
	"tini",
	"trap",
	"try",
	"unshare",
	"watch",
	"xargs",
}

# Names that many files and folders have count where a program stands. What curl mentions, it asks for.
_is_run(found, i, name) if {
	not found.mention
	not name in {"crictl", "ctr"}
} else if {
	not found.mention
	_stands(found.words, i)
} else if {
	name == "curl"
	i < _most_leading
	count([word | some word in array.slice(found.words, 0, i); not mention.leads(word.text)]) == 0
}

# Whether a word stands where a program does, by the first word that is no keyword, assignment or `sudo`.
_stands(words, i) if {
	i >= _most_leading
} else if {
	words[i - 1].text in _around
} else if {
	own := [k | some k, word in array.slice(words, 0, i); not mention.leads(word.text)]
	_carries(words, own)
}

_carries(words, own) if {
	count(own) == 0
} else if {
	command.program(words[own[0]].text) in _carriers
} else if {
	strings.any_prefix_match(words[own[0]].text, ["$", "-"])
}

_most_leading := 32

# Without a socket or a right in the pod such a command mostly fails, or its means come from elsewhere.
_severity := "high" if {
	count(sockets) > 0
} else := "high" if {
	count(data.lib.podgate.pod.privileged) > 0
} else := "high" if {
	count(data.lib.podgate.pod.host_namespaces) > 0
} else := "medium"

# What a program does to the node with its arguments; undefined where that is nothing.
_act(name, texts) := sprintf("%v %v %v", [name, option.verb(texts), concat(" ", options)]) if {
	_may_run(name)
	options := _options(name, texts)
	count(options) > 0
} else := sprintf("%v in the namespace k8s.io", [name]) if {
	name in {"ctr", "nerdctl"}
	count([text | some text in texts; endswith(text, "k8s.io")]) > 0
} else := _other_act(name, texts) if {
	not _may_run(name)
}

_other_act(name, texts) := "crictl" if {
	name == "crictl"
	not texts[0] in {"--help", "--version", "-h", "-v", "completion", "help"}
} else := "nsenter into process 1" if {
	name == "nsenter"
	padded := array.concat(texts, [""])
	count([text | some i, text in texts; _names_init(text, padded[i + 1])]) > 0
} else := sprintf("chroot %v", [roots[0]]) if {
	name == "chroot"
	roots := [text | some text in texts; strings.any_prefix_match(sprintf("%v/", [text]), _host_roots)]
	count(roots) > 0
} else := sprintf("mount %v", [disks[0]]) if {
	name == "mount"
	disks := [text |
		some text in texts
		startswith(text, "/dev/")
		not strings.any_prefix_match(text, data.lib.podgate.option.harmless_devices)
	]
	count(disks) > 0
} else := sprintf("%v at %v", [name, places[0]]) if {
	name in _clients
	places := [place | some text in texts; place = _socket(text)]
	count(places) > 0
} else := kubectl.asked(name, texts) if {
	name in {"kubectl", "oc"}
} else := sprintf("helm %v --set %v", [verbs[0], concat(" ", values)]) if {
	name == "helm"
	verbs := [text | some text in texts; text in {"install", "template", "upgrade"}]
	count(verbs) > 0
	values := [value |
		before := array.concat([""], texts)
		some i, text in texts
		some value in split(_set(before[i], text), ",")
		_is_mighty(value)
	]
	count(values) > 0
}

# What an option of Helm sets.
_set(before, text) := text if {
	startswith(before, "--set")
	not contains(before, "=")
} else := substring(text, indexof(text, "=") + 1, -1) if {
	startswith(text, "--set")
} else := ""

_is_mighty(value) if {
	parts := split(lower(value), "=")
	fields := split(parts[0], ".")
	fields[count(fields) - 1] in {"hostipc", "hostnetwork", "hostpid", "privileged"}
	parts[1] == "true"
} else if {
	parts := split(value, "=")
	contains(lower(parts[0]), "hostpath")
	option.is_host(parts[1])
}

# Of a program that is not known, options that are not known either are no news.
_options(name, texts) := option.reaching(texts) if {
	name in _runners
} else := option.reaching(texts) if {
	not contains(concat(" ", texts), data.lib.podgate.option.more)
} else := option.reaching(known) if {
	known := [text | some text in texts; text != data.lib.podgate.option.more]
}

_may_run(name) if {
	name in _runners
} else if {
	startswith(name, "$")
}

# The socket of a runtime that a word leads to, be it the value of an option or an address.
_socket(text) := place if {
	at := indexof(text, "/")
	at >= 0
	place := split(substring(text, at, -1), ",")[0]
	node.judge(path.read(place), "").class == "socket"
}

_names_init(text, next) if {
	text == "--target=1"
} else if {
	text == "--target"
	next == "1"
} else if {
	startswith(text, "-")
	not startswith(text, "--")
	endswith(sprintf("%v %v", [text, next]), "t 1")
} else if {
	startswith(text, "-")
	not startswith(text, "--")
	endswith(text, "t1")
} else if {
	contains(text, "/proc/1/ns")
}

_host_roots := [sprintf("%v/", [root]) |
	some root in split("/host /hostfs /host-root /hostroot /mnt/host /node /proc/1/root /rootfs", " ")
]
