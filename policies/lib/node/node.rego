# The places of a node that matter: what each is, and how bad it is to mount it.
package lib.podgate.node

import future.keywords.not
import rego.v1

# What a place, as lib.podgate.path reads it, is: its class, the severity of mounting it, and what it is in words.
# A place is of the first class that fits: socket, parent, unknown-socket, device, benign, then the class by which
# the table lists it (device, kubelet, log, runtime-data, sensitive), other.
judge(place, type) := verdict if {
	place.resolved
	names := _wild(place.names)
	verdict := _judge(names, concat("/", names), type)
} else := {"class": "device", "severity": "high", "what": "a device"} if {
	type in {"BlockDevice", "CharDevice"}
} else := {"class": "unknown-socket", "severity": "high", "what": "a socket"} if {
	type == "Socket"
} else := {"class": "unresolved", "severity": "medium", "what": "a place that is not known yet"}

# What a benign place is once something in it can be written.
written(place) := _other(names, concat("/", names)) if names := _wild(place.names)

_judge(names, key, type) := verdict if {
	entry = data.lib.podgate.table.sockets[key]
	verdict := {"class": "socket", "severity": entry[0], "what": entry[1]}
} else := verdict if {
	entry = data.lib.podgate.table.parents[key]
	verdict := {"class": "parent", "severity": entry[0], "what": entry[1]}
} else := _socket(names, key) if {
	_socket_like(names, type)
} else := verdict if {
	names[0] == "dev"
	found := _above(data.lib.podgate.table.devices, names)
	count(found) > 0
	verdict := {"class": "device", "severity": "low", "what": found[0]}
} else := {"class": "device", "severity": severity, "what": "a device"} if {
	type in {"BlockDevice", "CharDevice"}
	severity := {true: "critical", false: "high"}[_other(names, key).severity == "critical"]
} else := verdict if {
	names[0] in {"dev", "etc", "tmp", "usr"}
	found := _above(data.lib.podgate.table.benign, names)
	count(found) > 0
	verdict := {"class": "benign", "severity": "low", "what": found[0]}
} else := _other(names, key)

_other(names, key) := verdict if {
	entry = data.lib.podgate.table.whole[key]
	verdict := {"class": entry[0], "severity": entry[1], "what": entry[2]}
} else := verdict if {
	found := _above(data.lib.podgate.table.inside, names)
	entry = found[count(found) - 1]
	verdict := {"class": entry[0], "severity": entry[1], "what": entry[2]}
} else := {"class": "other", "severity": "medium", "what": "a directory"}

# A socket by its declared type or by its name. Every named pipe is one.
_socket_like(names, type) if {
	type == "Socket"
} else if {
	names[0] == "//./pipe"
} else if {
	last := lower(names[count(names) - 1])
	strings.any_suffix_match(last, [".sock", ".socket", ".sock.raw", ".sock.ttrpc", ".sock.proxy"])
}

# A socket in a directory that belongs to a runtime is the runtime's; any other is unknown.
_socket(names, key) := verdict if {
	found := _above(data.lib.podgate.table.socket_dirs, names)
	entry = found[count(found) - 1]
	verdict := {"class": "socket", "severity": entry[0], "what": entry[1]}
} else := {"class": "unknown-socket", "severity": "critical", "what": "a socket"} if {
	_other(names, key).severity == "critical"
} else := {"class": "unknown-socket", "severity": "high", "what": "a socket"}

# What a list says of the place and of the directories above it, the nearest last. No list goes deeper.
_above(list, names) := [entry |
	some i, _ in array.slice(names, 0, 16)
	entry = list[concat("/", array.slice(names, 0, i + 1))]
]

# User ids, the names of home directories and those of temporary files do not matter.
_wild(names) := names if {
	not names[0] in {"home", "run", "tmp"}
} else := names if {
	names[0] == "run"
	not names[1] == "user"
} else := array.concat(["run", "user", "*"], array.slice(names, 3, count(names))) if {
	names[0] == "run"
	count(names) > 2
} else := array.concat([names[0], "*"], array.slice(names, 2, count(names))) if {
	names[0] != "run"
	count(names) > 1
} else := names
