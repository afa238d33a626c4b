# Where containers name the metadata service of a cloud.
package lib.podgate.endpoint

import data.lib.podgate.pod

import rego.v1

# Every text that names one, with its message and details. Most pods do not come near, and are left after one look.
metadata := [found |
	_near
	some said in array.concat(_values, array.concat(_words, _aliases))
	what = _named(said.text)
	severity := _severity(said)
	found := {
		"text": sprintf("%v names %v%v", [said.subject, what, _reach(what)]),
		"details": object.union({"path": said.path, "severity": severity}, said.container),
	}
]

# Some of these are in every spelling of every address, and no break is in any.
_near if {
	text := lower(concat(" ", array.concat(_container_texts, _alias_texts)))
	text != ""
	strings.replace_n(_needles, text) != text
}

_container_texts := [text |
	some container in data.lib.podgate.pod.containers
	written := object.filter(container.spec, ["args", "command", "env"])
	written != {}
	text := sprintf("%v", [written])
]

_alias_texts := [text |
	is_array(data.lib.podgate.pod.spec.hostAliases)
	text := sprintf("%v", [data.lib.podgate.pod.spec.hostAliases])
]

_needles := {
	"0251": "",
	"0376": "",
	"077524776": "",
	"0x": "",
	"100.100.100.200": "",
	"168.63.129.16": "",
	"16689662": "",
	"254": "",
	"2852039166": "",
	"43518": "",
	"a9fe": "",
	"computemetadata": "",
	"ec2::": "",
	"instance-data": "",
	"metadata.goog": "",
}

_values := [said |
	some container in data.lib.podgate.pod.containers
	is_array(container.spec.env)
	some i, variable in container.spec.env
	is_string(variable.value)
	is_string(variable.name)

	# Hosts that a proxy is not asked for.
	lower(variable.name) != "no_proxy"
	said := {
		"text": variable.value,
		"subject": sprintf("%v, in the variable %v,", [pod.called(container), variable.name]),
		"path": pod.pointer(container, sprintf("env/%v/value", [i])),
		"container": {"container": container.name},
		"agent": variable.name == "AWS_CONTAINER_CREDENTIALS_FULL_URI",
	}
]

_words := [said |
	some container in data.lib.podgate.pod.containers
	some field in ["args", "command"]
	is_array(container.spec[field])
	some i, text in container.spec[field]
	is_string(text)
	said := {
		"text": text,
		"subject": pod.called(container),
		"path": pod.pointer(container, sprintf("%v/%v", [field, i])),
		"container": {"container": container.name},
		"agent": false,
	}
]

_aliases := [said |
	is_array(data.lib.podgate.pod.spec.hostAliases)
	some i, alias in data.lib.podgate.pod.spec.hostAliases
	is_object(alias)
	texts := _alias_names(alias)
	some text in texts
	said := {
		"text": text,
		"subject": "a host alias",
		"path": sprintf("/spec/hostAliases/%v", [i]),
		"container": {},
		"agent": false,
	}
]

_alias_names(alias) := array.concat([alias.ip], [name | some name in alias.hostnames; is_string(name)]) if {
	is_string(alias.ip)
	is_array(alias.hostnames)
} else := [alias.ip] if {
	is_string(alias.ip)
} else := []

# EKS itself points the programs of a pod to its agent.
_severity(said) := "info" if {
	said.agent
	said.text in {"http://169.254.170.23/v1/credentials", "http://[fd00:ec2::23]/v1/credentials"}
} else := "high" if {
	data.lib.podgate.pod.host_network
} else := "medium"

_reach(what) := ", which hands out the credentials of the task or pod" if {
	what in {_agent, _tasks}
} else := ", and on the node's network nothing keeps it from answering with the node's identity" if {
	data.lib.podgate.pod.host_network
} else := ", which answers with the node's identity where nothing keeps the pod from it"

# The first service that a text names; undefined where it names none.
_named(text) := found[0] if {
	found := [what |
		some line in split(lower(text), "\n")
		strings.replace_n(_needles, line) != line
		some token in split(strings.replace_n(_breaks, line), " ")
		strings.replace_n(_needles, token) != token
		what = _service(token)
	]
	count(found) > 0
}

_service(token) := what if {
	what = _hosts[trim_suffix(split(token, ":")[0], ".")]
} else := what if {
	what = _hosts[_canonical(split(token, ":")[0])]
} else := what if {
	parts := split(token, ":")
	count(parts) > 2
	what = _hosts[_canonical(parts[count(parts) - 1])]
} else := what if {
	what = _hosts[token]
} else := _instance if {
	strings.any_suffix_match(token, [":a9fe:a9fe", ":a9fe:a9fe%eth0"])
}

# An IPv4 address as numbers to the base ten; what follows the fourth is a name that leads back to it.
_canonical(host) := concat(".", array.slice(numbers, 0, 4)) if {
	parts := split(host, ".")
	numbers := [number |
		some part in parts
		lean := _lean(part)
		number := object.get(_numbers, lean, lean)
	]
}

# A number without the zeros that say nothing.
_lean(part) := sprintf("0x%v", [trim_left(substring(part, 2, -1), "0")]) if {
	startswith(part, "0x")
} else := sprintf("0%v", [trim_left(part, "0")]) if {
	startswith(part, "0")
} else := part

_breaks := {
	"\t": " ", "\n": " ", "\r": " ", "\"": " ", "'": " ", "`": " ", "\\": " ",
	"(": " ", ")": " ", "[": " ", "]": " ", "{": " ", "}": " ", "<": " ", ">": " ",
	",": " ", ";": " ", "|": " ", "&": " ", "=": " ", "@": " ", "/": " ", "?": " ", "#": " ",
}

_numbers := {
	"02": "2", "027": "23", "0x17": "23", "0x2": "2",
	"0251": "169", "0xa9": "169",
	"0252": "170", "0xaa": "170",
	"0376": "254", "0xfe": "254",
	"0124776": "43518", "0xa9fe": "43518",
	"077524776": "16689662", "0xfea9fe": "16689662",
	"025177524776": "2852039166", "0xa9fea9fe": "2852039166",
}

_agent := "the agent of EKS Pod Identity"

_tasks := "the service that ECS keeps for tasks"

_instance := "the metadata service of the cloud"

_hosts := {
	"100.100.100.200": "the metadata service of Alibaba Cloud",
	"168.63.129.16": "the service through which Azure speaks to the node",
	"169.16689662": _instance,
	"169.254.169.254": _instance,
	"169.254.170.2": _tasks,
	"169.254.170.23": _agent,
	"169.254.43518": _instance,
	"2852039166": _instance,
	"computemetadata": "the metadata service of Google Cloud",
	"fd00:ec2::23": _agent,
	"fd00:ec2::254": _instance,
	"fd00:ec2:0:0:0:0:0:254": _instance,
	"fd20:ce::254": "the metadata service of Google Cloud",
	"instance-data": _instance,
	"instance-data.ec2.internal": _instance,
	"metadata.goog": "the metadata service of Google Cloud",
	"metadata.google.internal": "the metadata service of Google Cloud",
}
