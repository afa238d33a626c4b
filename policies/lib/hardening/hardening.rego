# What pods do, and leave undone, to confine themselves.
package lib.podgate.hardening

import data.lib.podgate.pod

import future.keywords.not
import rego.v1

# Containers for Linux that may gain privileges, keep capabilities or have no seccomp profile. Privileged ones are
# left out: nothing of that confines them.
open := [gap |
	not windows
	some container in data.lib.podgate.pod.containers
	not _is_shut(container.spec.securityContext)
	at := sprintf("/spec/%v/%v", [container.list, container.index])
	not at in _privileged
	gap := {"container": container, "called": pod.called(container), "at": at}
]

# The pod's own seccomp profile, for containers without one; empty where it has none.
profile := object.get(data.lib.podgate.pod.spec, ["securityContext", "seccompProfile", "type"], "")

# What a pod and its containers set of how they are confined, but for profiles that confine.
settings := array.concat(_of_the_pod, _of_containers)

# Kernel settings that the pod changes, other than those that touch nobody else.
sysctls := [sysctl |
	is_array(data.lib.podgate.pod.spec.securityContext.sysctls)
	some i, body in data.lib.podgate.pod.spec.securityContext.sysctls
	name = body.name
	text := sprintf("%v", [name])
	not replace(text, "/", ".") in object.keys(data.lib.podgate.pss_version.sysctls)
	sysctl := {"name": text, "at": sprintf("/spec/securityContext/sysctls/%v/name", [i])}
]

# Containers for Linux that can write to their own root.
writable_roots := array.concat(_left_writable, _made_writable)

# What is missing from a part of a pod may stand in another.
_left_writable := [gap |
	not windows
	not data.lib.podgate.pod.partial
	some container in data.lib.podgate.pod.containers
	object.get(container.spec, ["securityContext", "readOnlyRootFilesystem"], null) == null
	gap := {"container": container, "at": sprintf("/spec/%v/%v", [container.list, container.index])}
]

_made_writable := [gap |
	not windows
	some container in data.lib.podgate.pod.containers
	value = container.spec.securityContext.readOnlyRootFilesystem
	not value in {true, null}
	not pod.truthy(value)
	gap := {"container": container, "at": pod.pointer(container, "securityContext/readOnlyRootFilesystem")}
]

# The places of containers that add the capability SYS_ADMIN, alone or with all others.
admins := {at |
	some added in data.lib.podgate.pod.capabilities
	added.name in {"ALL", "SYS_ADMIN"}
	at := sprintf("/spec/%v/%v", [added.container.list, added.container.index])
}

# Whether the pod says that it is for Windows, where there is nothing of what confines processes on Linux.
windows if data.lib.podgate.pod.spec.os.name == "windows"

_is_shut(context) if {
	context.allowPrivilegeEscalation == false
	is_array(context.capabilities.drop)
	"ALL" in context.capabilities.drop
	object.get(context, ["seccompProfile", "type"], profile) in _profiles
}

_of_the_pod := [setting |
	is_object(data.lib.podgate.pod.spec.securityContext)
	some field, value in object.remove(data.lib.podgate.pod.spec.securityContext, _users)
	field in {"appArmorProfile", "seLinuxOptions", "seccompProfile", "windowsOptions"}
	value != null
	not _ordinary[field][value.type]
	not _overruled(field)
	at := concat("/", ["/spec/securityContext", field])
	setting := {"field": field, "value": value, "called": "the pod", "at": at, "owner": {}}
]

_of_containers := [setting |
	some container in data.lib.podgate.pod.containers
	is_object(container.spec.securityContext)
	some field, value in object.remove(container.spec.securityContext, _rights)
	field in {"appArmorProfile", "procMount", "seLinuxOptions", "seccompProfile", "windowsOptions"}
	value != null
	not _ordinary[field][value.type]
	setting := {
		"field": field,
		"value": value,
		"called": pod.called(container),
		"at": pod.pointer(container, concat("/", ["securityContext", field])),
		"owner": {"container": container.name},
	}
]

# A pod's profile is for containers without their own. More containers may come to a pod of which a part is known.
_overruled(field) if {
	field in {"appArmorProfile", "seccompProfile"}
	not data.lib.podgate.pod.partial
	own := [true | some container in data.lib.podgate.pod.containers; container.spec.securityContext[field]]
	count(own) > 0
	count(own) == count(data.lib.podgate.pod.containers)
}

_privileged := {at |
	some container in data.lib.podgate.pod.privileged
	at := sprintf("/spec/%v/%v", [container.list, container.index])
}

# Fields of security contexts that are no settings of this kind. Most contexts have no others.
_users := ["fsGroup", "runAsGroup", "runAsNonRoot", "runAsUser", "supplementalGroups"]

_rights := [
	"allowPrivilegeEscalation",
	"capabilities",
	"privileged",
	"readOnlyRootFilesystem",
	"runAsGroup",
	"runAsNonRoot",
	"runAsUser",
]

_profiles := {"Localhost", "RuntimeDefault"}

_ordinary := {
	"appArmorProfile": {"Localhost": true, "RuntimeDefault": true},
	"seccompProfile": {"Localhost": true, "RuntimeDefault": true},
}
