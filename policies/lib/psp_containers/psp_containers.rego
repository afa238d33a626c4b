# What a PodSecurityPolicy refuses in the security contexts and ports of a pod, judged as its admission plugin did:
# after it had set the fields that the policy sets.
package lib.podgate.psp_containers

import data.lib.podgate.psp

import future.keywords.not
import rego.v1

pod_context := data.lib.podgate.pod.spec.securityContext if {
	is_object(data.lib.podgate.pod.spec.securityContext)
} else := {}

# Every container with its own security context and the ids that count for it: its own, or else the pod's.
contexts := [context |
	some container in data.lib.podgate.pod.containers
	own := _own(container.spec)
	context := {
		"container": container,
		"own": own,
		"runAsUser": object.get(own, "runAsUser", object.get(pod_context, "runAsUser", null)),
		"runAsGroup": object.get(own, "runAsGroup", object.get(pod_context, "runAsGroup", null)),
		"runAsNonRoot": object.get(own, "runAsNonRoot", object.get(pod_context, "runAsNonRoot", null)),
	}
]

# Under hostNetwork the API server writes every container's port on the node, too, before any admission.
host_ports := [found |
	some named in data.lib.podgate.pod.ports
	field = _port_field(named)
	number = named.port[field]
	not psp.in_ranges(data.lib.podgate.psp.fields.hostPorts, number)
	found := {"container": named.container, "index": named.index, "field": field, "number": number}
]

users := [found |
	some context in contexts
	field = _refused_user(context)
	found := _found(context, field)
]

# A strategy without a rule allows nothing, as one with a rule that there is not.
groups := [found |
	not data.lib.podgate.psp.fields.runAsGroup.rule == "RunAsAny"
	some context in contexts
	not psp.takes(data.lib.podgate.psp.fields.runAsGroup, context.runAsGroup)
	found := _found(context, "runAsGroup")
]

fs_groups := [group |
	not data.lib.podgate.psp.fields.fsGroup.rule == "RunAsAny"
	group := object.get(pod_context, "fsGroup", null)
	not psp.takes(data.lib.podgate.psp.fields.fsGroup, group)
]

# An empty list is none that a strategy would fill, and under MustRunAs none that it takes.
supplemental_groups := array.concat(
	[found |
		is_array(pod_context.supplementalGroups)
		some i, group in pod_context.supplementalGroups
		not psp.takes(data.lib.podgate.psp.fields.supplementalGroups, group)
		found := {"path": sprintf("/spec/securityContext/supplementalGroups/%v", [i]), "group": group}
	],
	[found |
		not data.lib.podgate.psp.fields.supplementalGroups.rule == "RunAsAny"
		_no_group
		found := {"path": "/spec/securityContext/supplementalGroups", "group": "none"}
	],
)

# Options that are not those of the policy, for the pod and for each container that has its own.
se_linux := [found |
	not data.lib.podgate.psp.fields.seLinux.rule == "RunAsAny"
	some place in _se_linux_places
	wanted := object.get(data.lib.podgate.psp.fields.seLinux, "seLinuxOptions", {"user": "(no options in the policy)"})
	some field in ["user", "role", "type", "level"]
	value := object.get(place.options, field, "")
	_read(field, value) != _read(field, object.get(wanted, field, ""))
	found := {
		"container": place.container,
		"path": sprintf("%v/%v", [place.path, field]),
		"field": field,
		"value": value,
		"wanted": object.get(wanted, field, ""),
	}
]

escalations := [context.container |
	data.lib.podgate.psp.fields.allowPrivilegeEscalation != true
	some context in contexts
	object.get(context.own, "allowPrivilegeEscalation", _default_escalation) != false
]

writable_roots := [context.container |
	data.lib.podgate.psp.fields.readOnlyRootFilesystem == true
	some context in contexts
	object.get(context.own, "readOnlyRootFilesystem", true) != true
]

proc_mounts := [found |
	some context in contexts
	mount := object.get(context.own, "procMount", "Default")
	not mount in _proc_mounts
	found := {"container": context.container, "mount": mount}
]

capabilities := [found |
	not "*" in data.lib.podgate.psp.fields.allowedCapabilities
	allowed := array.concat(data.lib.podgate.psp.fields.allowedCapabilities, data.lib.podgate.psp.fields.defaultAddCapabilities)
	some context in contexts
	is_array(context.own.capabilities.add)
	some i, name in context.own.capabilities.add
	not name in allowed
	found := {"container": context.container, "index": i, "name": name}
]

sysctls := [found |
	is_array(pod_context.sysctls)
	some i, sysctl in pod_context.sysctls
	is_object(sysctl)
	name := object.get(sysctl, "name", "")
	verdict = _sysctl(name)
	found := {"index": i, "name": name, "verdict": verdict}
]

runtime_classes := [name |
	name = data.lib.podgate.pod.spec.runtimeClassName
	allowed := object.get(data.lib.podgate.psp.fields.runtimeClass, "allowedRuntimeClassNames", [])
	not "*" in allowed
	not name in allowed
]

_own(body) := body.securityContext if {
	is_object(body.securityContext)
} else := {}

_found(context, field) := {
	"container": context.container,
	"field": field,
	"value": context[field],
	"path": _place(context, field),
}

# Where a field that counts for a container stands.
_place(context, field) := data.lib.podgate.pod.pointer(context.container, sprintf("securityContext/%v", [field])) if {
	not field in object.keys(pod_context)
} else := data.lib.podgate.pod.pointer(context.container, sprintf("securityContext/%v", [field])) if {
	field in object.keys(context.own)
} else := sprintf("/spec/securityContext/%v", [field])

_port_field(named) := "hostPort" if {
	number = named.port.hostPort
	not number in {0, null}
} else := "containerPort" if {
	data.lib.podgate.pod.host_network
}

_refused_user(context) := "runAsUser" if {
	not data.lib.podgate.psp.fields.runAsUser.rule == "MustRunAsNonRoot"
	not psp.takes(data.lib.podgate.psp.fields.runAsUser, context.runAsUser)
} else := "runAsNonRoot" if {
	data.lib.podgate.psp.fields.runAsUser.rule == "MustRunAsNonRoot"
	context.runAsNonRoot == false
} else := "runAsUser" if {
	data.lib.podgate.psp.fields.runAsUser.rule == "MustRunAsNonRoot"
	context.runAsUser == 0
}

_no_group if {
	pod_context.supplementalGroups == []
	not data.lib.podgate.psp.fields.supplementalGroups.rule == "MayRunAs"
} else if {
	not pod_context.supplementalGroups
	not psp.takes(data.lib.podgate.psp.fields.supplementalGroups, null)
}

_se_linux_places := array.concat(
	[place |
		options := object.get(pod_context, "seLinuxOptions", object.get(data.lib.podgate.psp.fields.seLinux, "seLinuxOptions", {}))
		place := {"container": "", "path": "/spec/securityContext/seLinuxOptions", "options": options}
	],
	[place |
		some context in contexts
		options = context.own.seLinuxOptions
		at := data.lib.podgate.pod.pointer(context.container, "securityContext/seLinuxOptions")
		place := {"container": context.container.name, "path": at, "options": options}
	],
)

# Categories may come in any order.
_read(field, text) := [substring(text, 0, at), sort(split(substring(text, at + 1, -1), ","))] if {
	field == "level"
	at := indexof(text, ":")
	at >= 0
} else := text

_default_escalation := data.lib.podgate.psp.fields.defaultAllowPrivilegeEscalation if {
	is_boolean(data.lib.podgate.psp.fields.defaultAllowPrivilegeEscalation)
} else := false

_proc_mounts := data.lib.podgate.psp.fields.allowedProcMountTypes if {
	count(data.lib.podgate.psp.fields.allowedProcMountTypes) > 0
} else := ["Default"]

_sysctl(name) := "forbidden" if {
	_matches(data.lib.podgate.psp.fields.forbiddenSysctls, name)
} else := "unsafe" if {
	not name in _safe_sysctls
	not _matches(data.lib.podgate.psp.fields.allowedUnsafeSysctls, name)
}

_matches(patterns, name) if {
	name in patterns
} else if {
	strings.any_prefix_match(name, [trim_suffix(pattern, "*") | some pattern in patterns; endswith(pattern, "*")])
}

_safe_sysctls := {
	"kernel.shm_rmid_forced",
	"net.ipv4.ip_local_port_range",
	"net.ipv4.ip_unprivileged_port_start",
	"net.ipv4.ping_group_range",
	"net.ipv4.tcp_syncookies",
}
