package lib.podgate.node_test

import rego.v1

import data.lib.podgate.node
import data.lib.podgate.path
import data.lib.podgate.table

test_every_socket_is_one if {
	every name, entry in table.sockets {
		verdict := node.judge(path.read(_path(name)), "")
		verdict.class == "socket"
		verdict.severity == entry[0]
	}
}

test_every_parent_is_one if {
	every name, _ in table.parents {
		node.judge(path.read(_path(name)), "").class == "parent"
	}
}

# What lies above a socket is a parent, or as critical for another reason.
test_above_every_socket if {
	above := {concat("/", array.slice(parts, 0, i)) |
		some name, _ in table.sockets
		not startswith(name, "//./pipe")
		parts := split(name, "/")
		some i, _ in parts
	}
	every name in above {
		verdict := node.judge(path.read(_path(name)), "")
		verdict.class in {"parent", "sensitive"}
		verdict.severity == "critical"
	}
}

test_every_sensitive_place_is_one if {
	places := object.remove(object.union(table.inside, table.whole), object.keys(table.benign))
	every name, entry in places {
		verdict := node.judge(path.read(_path(name)), "")
		verdict.class in {"parent", entry[0]}
		verdict.severity in {"critical", entry[1]}
	}
}

test_every_benign_place_is_one if {
	every name, _ in table.benign {
		node.judge(path.read(_path(name)), "").class == "benign"
		node.written(path.read(_path(name))).class in {"other", "sensitive"}
	}
}

test_every_device_is_one if {
	every name, _ in table.devices {
		verdict := {"class": "device", "severity": "low", "what": table.devices[name]}
		node.judge(path.read(_path(name)), "CharDevice") == verdict
		node.judge(path.read(sprintf("%v/one", [_path(name)])), "") == verdict
	}
}

test_devices_by_type if {
	every type in ["BlockDevice", "CharDevice"] {
		node.judge(path.read("/data/disk"), type) == {"class": "device", "severity": "high", "what": "a device"}
		node.judge(path.read("/etc/disk"), type) == {"class": "device", "severity": "critical", "what": "a device"}
		node.judge(path.read("$(DISK)"), type) == {"class": "device", "severity": "high", "what": "a device"}
	}
	node.judge(path.read("/dev/sda"), "") == {"class": "device", "severity": "high", "what": "a device"}
	node.judge(path.read("/dev"), "") == {"class": "device", "severity": "critical", "what": "every device"}
}

test_what_is_not_known_yet if {
	node.judge(path.read("$(DIR)"), "").class == "unresolved"
	node.judge(path.read("$(DIR)"), "Socket").class == "unknown-socket"
}

test_windows_without_a_drive if {
	node.judge(path.read("/ProgramData/docker"), "").class == "runtime-data"
	node.judge(path.read(`\ProgramData\kubelet\pki`), "").class == "kubelet"
	node.judge(path.read("/windows/system32"), "").class == "sensitive"
}

test_longer_names_are_not_meant if {
	every name in ["var/runner", "running", "etcd-backup", "procs", "development", "data/docker.sock.d", "rooted"] {
		node.judge(path.read(_path(name)), "").class == "other"
	}
}

test_users if {
	node.judge(path.read("/run/user/1000"), "").class == "parent"
	node.judge(path.read("/run/user"), "").class == "parent"
	node.judge(path.read("/run/other"), "").class == "other"
	node.judge(path.read("/home"), "").class == "sensitive"
	node.judge(path.read("/home/a"), "").class == "sensitive"
	node.judge(path.read("/home/a/cache"), "").class == "other"
	node.judge(path.read("/home/a/.kube/config"), "").class == "sensitive"
}

_path(name) := name if {
	startswith(name, "//./")
} else := name if {
	startswith(name, "c:")
} else := sprintf("/%v", [replace(name, "*", "someone")])
