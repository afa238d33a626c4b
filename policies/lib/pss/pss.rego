# What the Pod Security Standards ask of a pod, in the versions that it is held to. Fields are read as Kubernetes
# reads them: letter by letter, null as absent.
package lib.podgate.pss

import data.lib.podgate.pod
import data.lib.podgate.pss_version

import future.keywords.not
import rego.v1

# The security contexts of the pod (which has no list) and of its containers.
contexts := array.concat(
	[holder |
		context = data.lib.podgate.pod.spec.securityContext
		is_object(context)
		holder := {"list": "", "index": 0, "name": "", "context": context}
	],
	[holder |
		some container in data.lib.podgate.pod.containers
		context = container.spec.securityContext
		is_object(context)
		holder := {"list": container.list, "index": container.index, "name": container.name, "context": context}
	],
)

# How a message names each container, and where it stands; in their order. For findings that every container may
# have, so that these are made once.
labels := [label |
	some container in data.lib.podgate.pod.containers
	at := sprintf("/spec/%v/%v", [container.list, container.index])
	label := {"called": pod.called(container), "at": at, "name": container.name}
]

# Containers that may gain privileges: the field is "set" to that, or it is "missing".
escalations := [found |
	_escalation_asked
	some n, container in data.lib.podgate.pod.containers
	value := object.get(container.spec, ["securityContext", "allowPrivilegeEscalation"], null)
	value != false
	how = _hows[is_null(value)]
	found := {"label": labels[n], "how": how}
]

_escalation_asked if {
	minors := data.lib.podgate.pss_version.restricted
	pss_version.within(minors, 8, data.lib.podgate.pss_version.before_windows)
}

# Of a part of a pod it is not known what is missing.
_hows := {false: "set"} if {
	data.lib.podgate.pod.partial
} else := {false: "set", true: "missing"}

# AppArmor profiles other than the runtime's and the node's own.
app_armor_profiles := [found |
	some holder in contexts
	is_object(holder.context.appArmorProfile)
	type := text(holder.context.appArmorProfile, "type")
	not type in _profiles
	found := {"holder": holder, "type": type}
]

app_armor_annotations := [found |
	some key, value in _annotations
	startswith(key, "container.apparmor.security.beta.kubernetes.io/")
	not value in {"", "runtime/default", null}
	not startswith(value, "localhost/")
	found := {"key": key, "value": value}
]

# Capabilities beyond those that containers have by default.
capabilities_beyond_default := [found |
	some container in data.lib.podgate.pod.containers
	is_array(container.spec.securityContext.capabilities.add)
	some i, capability in container.spec.securityContext.capabilities.add
	not capability in data.lib.podgate.pod.default_capabilities
	_default_capabilities_asked
	found := {"container": container, "index": i, "capability": capability}
]

_default_capabilities_asked if {
	count(data.lib.podgate.pss_version.baseline) > 0
} else if {
	minors := data.lib.podgate.pss_version.as_part_of_restricted
	pss_version.within(minors, 0, 22)
}

# Capabilities other than the one that the level "restricted" leaves.
capabilities_beyond_restricted := [found |
	some container in data.lib.podgate.pod.containers
	is_array(container.spec.securityContext.capabilities.add)
	some i, capability in container.spec.securityContext.capabilities.add
	capability != "NET_BIND_SERVICE"
	_restricted_capabilities_asked
	found := {"container": container, "index": i, "capability": capability}
]

# Containers that do not drop all capabilities.
capabilities_kept := [found |
	_restricted_capabilities_asked
	some n, container in data.lib.podgate.pod.containers
	dropped := object.get(container.spec, ["securityContext", "capabilities", "drop"], null)
	not _has_all(dropped)
	how = _hows[is_null(dropped)]
	found := {"label": labels[n], "how": how}
]

_restricted_capabilities_asked if {
	minors := data.lib.podgate.pss_version.restricted
	pss_version.within(minors, 22, data.lib.podgate.pss_version.before_windows)
}

_has_all(capabilities) if {
	is_array(capabilities)
	"ALL" in capabilities
}

# Hosts that probes and lifecycle hooks call.
handler_hosts := [found |
	data.lib.podgate.pss_version.newest >= 34
	some entry in _handlers
	some kind in ["httpGet", "tcpSocket"]
	host = entry.handler[kind].host
	not host in {"", null}
	field := sprintf("%v/%v/host", [entry.field, kind])
	found := {"container": entry.container, "field": field, "host": host}
]

_handlers := array.concat(
	[entry |
		some container in data.lib.podgate.pod.containers
		some field in ["livenessProbe", "readinessProbe", "startupProbe"]
		handler = container.spec[field]
		is_object(handler)
		entry := {"container": container, "field": field, "handler": handler}
	],
	[entry |
		some container in data.lib.podgate.pod.containers
		is_object(container.spec.lifecycle)
		some field in ["postStart", "preStop"]
		handler = container.spec.lifecycle[field]
		is_object(handler)
		entry := {"container": container, "field": sprintf("lifecycle/%v", [field]), "handler": handler}
	],
)

# Volumes that are directories of the node.
host_path_volumes := [found |
	is_array(data.lib.podgate.pod.spec.volumes)
	some i, volume in data.lib.podgate.pod.spec.volumes
	volume.hostPath != null
	found := {"index": i, "name": text(volume, "name")}
]

# Volumes of kinds that the level "restricted" does not list. One without a source is an emptyDir.
restricted_volumes := [found |
	is_array(data.lib.podgate.pod.spec.volumes)
	some i, volume in data.lib.podgate.pod.spec.volumes
	is_object(volume)
	sources := [source | some source, body in volume; source != "name"; body != null]
	count(sources) > 0
	count([source | some source in sources; source in _volume_sources]) == 0
	found := {"index": i, "name": text(volume, "name"), "source": min(sources)}
]

# Views of /proc other than the masked one, where the level "baseline" judges them.
proc_mounts := [found |
	some found in _proc_mounts
	_proc_mounts_asked
]

_proc_mounts_asked if {
	minors := data.lib.podgate.pss_version.baseline
	pss_version.within(minors, 0, data.lib.podgate.pss_version.before_user_namespaces)
} else if {
	minors := data.lib.podgate.pss_version.as_part_of_restricted
	pss_version.within(minors, 0, 35)
}

# The same where the level "restricted" judges them, also in a user namespace.
proc_mounts_restricted := [found |
	some found in _proc_mounts
	pss_version.within(data.lib.podgate.pss_version.restricted, 35, data.lib.podgate.pss_version.end)
]

_proc_mounts := [found |
	some container in data.lib.podgate.pod.containers
	mount = container.spec.securityContext.procMount
	not mount in {"Default", null}
	found := {"container": container, "mount": mount}
]

# Pods and containers that set runAsNonRoot to false.
roots := [holder |
	some holder in contexts
	holder.context.runAsNonRoot == false
	_root_asked
]

# Where there are none: containers for which neither they nor the pod set it.
roots_by_default := [labels[n] |
	_root_asked
	not data.lib.podgate.pod.spec.securityContext.runAsNonRoot == true
	not data.lib.podgate.pod.partial
	count(roots) == 0
	some n, container in data.lib.podgate.pod.containers
	not container.spec.securityContext.runAsNonRoot == true
]

_root_asked if {
	minors := data.lib.podgate.pss_version.restricted
	pss_version.within(minors, 0, data.lib.podgate.pss_version.before_user_namespaces)
}

# Who sets the user 0.
root_users := [holder |
	some holder in contexts
	holder.context.runAsUser == 0
	_root_user_asked
]

_root_user_asked if {
	minors := data.lib.podgate.pss_version.restricted
	pss_version.within(minors, 23, data.lib.podgate.pss_version.before_user_namespaces)
}

# SELinux labels of the author's choosing.
se_linux_options := [found |
	some holder in contexts
	is_object(holder.context.seLinuxOptions)
	some field in ["role", "type", "user"]
	value := text(holder.context.seLinuxOptions, field)
	not _allowed_label(field, value)
	found := {"holder": holder, "field": field, "value": value}
]

_allowed_label("type", value) if {
	data.lib.podgate.pss_version.se_linux_types[value] <= data.lib.podgate.pss_version.oldest
}

_allowed_label(field, "") if {
	field in {"role", "user"}
}

# Annotations by which seccomp was chosen before it had fields.
seccomp_annotations := [found |
	data.lib.podgate.pss_version.oldest < 19
	some key, value in _annotations
	_is_seccomp_key(key)
	not _is_seccomp_value(value)
	found := {"key": key, "value": value}
]

_is_seccomp_key(key) if {
	key == "seccomp.security.alpha.kubernetes.io/pod"
} else if {
	startswith(key, "container.seccomp.security.alpha.kubernetes.io/")
	name := trim_prefix(key, "container.seccomp.security.alpha.kubernetes.io/")
	count([container | some container in data.lib.podgate.pod.containers; container.name == name]) > 0
}

_is_seccomp_value(value) if {
	value in {"docker/default", "runtime/default"}
} else if {
	is_string(value)
	startswith(value, "localhost/")
}

# Seccomp profiles other than the runtime's and the node's own, where the level "baseline" judges them.
seccomp_profiles := [found |
	some found in _seccomp_profiles
	pss_version.within(data.lib.podgate.pss_version.baseline, 19, data.lib.podgate.pss_version.end)
]

# The same where the level "restricted" judges them.
seccomp_profiles_restricted := [found |
	some found in _seccomp_profiles
	_seccomp_asked
]

# Where there are none: containers for which neither they nor the pod choose a profile.
seccomp_missing := [labels[n] |
	_seccomp_asked
	not is_object(data.lib.podgate.pod.spec.securityContext.seccompProfile)
	not data.lib.podgate.pod.partial
	count(_seccomp_profiles) == 0
	some n, container in data.lib.podgate.pod.containers
	not is_object(container.spec.securityContext.seccompProfile)
]

_seccomp_asked if {
	minors := data.lib.podgate.pss_version.restricted
	pss_version.within(minors, 19, data.lib.podgate.pss_version.before_windows)
}

_seccomp_profiles := [found |
	some holder in contexts
	is_object(holder.context.seccompProfile)
	type := text(holder.context.seccompProfile, "type")
	not type in _profiles
	found := {"holder": holder, "type": type}
]

# Sysctls that are not known to be harmless to the node and to other pods.
sysctls := [found |
	is_array(data.lib.podgate.pod.spec.securityContext.sysctls)
	some i, sysctl in data.lib.podgate.pod.spec.securityContext.sysctls
	name := text(sysctl, "name")
	not data.lib.podgate.pss_version.sysctls[name] <= data.lib.podgate.pss_version.oldest
	found := {"index": i, "name": name}
]

# Who runs as a process of the Windows node itself.
windows_host_processes := [holder |
	some holder in contexts
	holder.context.windowsOptions.hostProcess == true
]

_annotations := annotations if {
	annotations = data.lib.podgate.pod.resource.metadata.annotations
	is_object(annotations)
} else := {}

# A field that is text; Kubernetes reads null, and nothing, as the empty one.
text(object_, field) := value if {
	value = object_[field]
	is_string(value)
} else := ""

# How a message names the pod or a container.
called(holder) := "the pod" if {
	holder.list == ""
} else := pod.called(holder)

# Where a finding about a field of a security context stands.
in_context(holder, field) := {"path": sprintf("/spec/securityContext/%v", [field])} if {
	holder.list == ""
} else := {
	"container": holder.name,
	"path": pod.pointer(holder, sprintf("securityContext/%v", [field])),
}

# Where a finding about an annotation stands.
in_annotation(key) := {"path": sprintf("/metadata/annotations/%v", [escaped])} if {
	escaped := replace(replace(key, "~", "~0"), "/", "~1")
}

_profiles := {"Localhost", "RuntimeDefault"}

_volume_sources := {
	"configMap",
	"csi",
	"downwardAPI",
	"emptyDir",
	"ephemeral",
	"image",
	"persistentVolumeClaim",
	"projected",
	"secret",
}
