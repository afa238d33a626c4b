# What a pod has and runs that takes a build out to the node.
package lib.podgate.escape

import data.lib.podgate.command
import data.lib.podgate.node
import data.lib.podgate.path

import future.keywords.not
import rego.v1

# Places of the node in the pod that are, or hold, the socket of a container runtime.
sockets := [entry |
	some entry in data.lib.podgate.volume.host_paths
	entry.class in {"parent", "socket"}
]

# Commands that go for the node: containers with its files or rights, and its namespaces, disks and runtime.
commands := [entry |
	some found in data.lib.podgate.command.commands
	not found.mention
	some i, word in found.words
	name := command.program(word.text)
	name in _programs
	texts := [other.text | some j, other in found.words; j > i]
	what = _act(name, texts)
	entry := {
		"container": found.container,
		"field": sprintf("%v/%v", [word.field, word.index]),
		"what": what,
		"severity": _severity,
	}
]

_programs := {"chroot", "crictl", "ctr", "docker", "kubectl", "mount", "nerdctl", "nsenter", "oc", "podman"}

# Without a socket or a right in the pod such a command mostly fails, or its means come from elsewhere.
_severity := "high" if {
	count(sockets) > 0
} else := "high" if {
	count(data.lib.podgate.pod.privileged) > 0
} else := "high" if {
	count(data.lib.podgate.pod.host_namespaces) > 0
} else := "medium"

# What a program does to the node with its arguments; undefined where that is nothing.
_act(name, texts) := sprintf("%v run %v", [name, concat(" ", flags)]) if {
	name in {"docker", "nerdctl", "podman"}
	count([text | some text in texts; text in {"create", "exec", "run"}]) > 0
	padded := array.concat(texts, [""])
	flags := [flag |
		some i, text in texts
		startswith(text, "-")
		flag = _flag(text, padded[i + 1])
	]
	count(flags) > 0
} else := sprintf("%v in the namespace k8s.io", [name]) if {
	name in {"ctr", "nerdctl"}
	count([text | some text in texts; endswith(text, "k8s.io")]) > 0
} else := "crictl" if {
	name == "crictl"
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
		not strings.any_prefix_match(text, _harmless_devices)
	]
	count(disks) > 0
} else := sprintf("%v debug %v", [name, nodes[0]]) if {
	name in {"kubectl", "oc"}
	"debug" in texts
	nodes := [text | some text in texts; strings.any_prefix_match(text, ["node/", "nodes/"])]
	count(nodes) > 0
}

# An option of `docker run` that takes the container out to the node.
_flag(text, next) := text if {
	text in {"--ipc=host", "--pid=host", "--privileged", "--privileged=true", "--userns=host"}
} else := sprintf("%v %v", [text, next]) if {
	text in {"--ipc", "--pid", "--userns"}
	next == "host"
} else := sprintf("--cap-add %v", [capability]) if {
	capability = _value(text, next, ["--cap-add"])
	trim_prefix(upper(capability), "CAP_") in {"ALL", "SYS_ADMIN"}
} else := sprintf("-v %v", [volume]) if {
	volume = _value(text, next, ["-v", "--volume"])
	_is_host(split(volume, ":")[0])
} else := sprintf("--mount %v", [mount]) if {
	mount = _value(text, next, ["--mount"])
	sources := [source |
		some part in split(mount, ",")
		strings.any_prefix_match(part, ["source=", "src="])
		source := substring(part, indexof(part, "=") + 1, -1)
		_is_host(source)
	]
	count(sources) > 0
}

# The value of an option, in one word or two.
_value(text, next, names) := next if {
	text in names
} else := substring(text, count(matching[0]), -1) if {
	matching := [name | some written in names; name := sprintf("%v=", [written]); startswith(text, name)]
	count(matching) > 0
} else := substring(text, 2, -1) if {
	names[0] == "-v"
	startswith(text, "-v/")
}

_is_host(source) if {
	startswith(source, "/")
	node.judge(path.read(source), "").class in {"parent", "socket"}
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

_host_roots := ["/host/", "/hostfs/", "/host-root/", "/node/", "/proc/1/root/", "/rootfs/"]

_harmless_devices := [
	"/dev/fuse",
	"/dev/hugepages",
	"/dev/loop",
	"/dev/mqueue",
	"/dev/null",
	"/dev/pts",
	"/dev/shm",
]
