# What a PodSecurityPolicy refuses in the seccomp and AppArmor profiles of a pod. Profiles go by their names in
# annotations, from which the fields came.
package lib.podgate.psp_profiles

import future.keywords.not
import rego.v1

# Of an annotation and a field both are judged: which of them counts depends on the version of Kubernetes.
app_armor := [found |
	is_string(data.lib.podgate.psp.app_armor_allowed)
	allowed := split(data.lib.podgate.psp.app_armor_allowed, ",")
	some context in data.lib.podgate.psp_containers.contexts
	some profile in app_armor_profiles(context)
	_refused_app_armor(profile, allowed)
	found := {
		"container": context.container,
		"profile": profile,
		"path": _app_armor_path(context),
	}
]

# The profiles that a container names, or the policy's default.
app_armor_profiles(context) := written if {
	written := written_app_armor(context)
	count(written) > 0
} else := [data.lib.podgate.psp.app_armor_default]

written_app_armor(context) := [profile |
	own := object.get(context.own, "appArmorProfile", object.get(data.lib.podgate.psp_containers.pod_context, "appArmorProfile", null))
	some profile in [_annotation(_app_armor_key(context)), _named(own)]
	profile != ""
]

# The pod's own profile, and that of each container that has another.
seccomp := [found |
	not "*" in _seccomp_listed
	some found in array.concat([{"path": _seccomp_path, "container": "", "profile": seccomp_of_pod}], _seccomp_of_containers)
	not found.profile in _seccomp_allowed
	not _unknown_in_part(found.profile)
]

seccomp_of_pod := written_seccomp if {
	written_seccomp != ""
} else := data.lib.podgate.psp.seccomp_default

written_seccomp := _annotation(_seccomp_pod) if {
	_annotation(_seccomp_pod) != ""
} else := _named(object.get(data.lib.podgate.psp_containers.pod_context, "seccompProfile", null))

_seccomp_of_containers := [found |
	some context in data.lib.podgate.psp_containers.contexts
	profile := _seccomp_of(context)
	profile != seccomp_of_pod
	at := data.lib.podgate.pod.pointer(context.container, "securityContext/seccompProfile")
	found := {"path": at, "container": context.container.name, "profile": profile}
]

# A container's field counts before its annotation, and that before what the pod has.
_seccomp_of(context) := _named(context.own.seccompProfile) if {
	context.own.seccompProfile
} else := _annotations[_seccomp_key(context)] if {
	_annotations[_seccomp_key(context)]
} else := _named(data.lib.podgate.psp_containers.pod_context.seccompProfile) if {
	data.lib.podgate.psp_containers.pod_context.seccompProfile
} else := seccomp_of_pod

_seccomp_listed := split(data.lib.podgate.psp.seccomp_allowed, ",")

# The runtime's default has two names.
_seccomp_allowed := array.concat(_seccomp_listed, ["docker/default", "runtime/default"]) if {
	count([name | some name in _seccomp_listed; name in {"docker/default", "runtime/default"}]) > 0
} else := _seccomp_listed

_refused_app_armor(profile, allowed) if {
	profile != ""
	not profile in allowed
} else if {
	profile == ""
	not data.lib.podgate.pod.partial
}

# What a part of a pod does not say, the rest may.
_unknown_in_part(profile) if {
	profile == ""
	data.lib.podgate.pod.partial
}

_named(profile) := "" if {
	not is_object(profile)
} else := _names[profile.type] if {
	_names[profile.type]
} else := concat("", ["localhost/", profile.localhostProfile]) if {
	profile.type == "Localhost"
	is_string(profile.localhostProfile)
} else := "unknown"

_names := {"RuntimeDefault": "runtime/default", "Unconfined": "unconfined"}

_annotations := data.lib.podgate.pod.resource.metadata.annotations if {
	is_object(data.lib.podgate.pod.resource.metadata.annotations)
} else := {}

_annotation(key) := object.get(_annotations, key, "")

_app_armor_key(context) := sprintf("container.apparmor.security.beta.kubernetes.io/%v", [context.container.name])

_app_armor_path(context) := _metadata(_app_armor_key(context)) if {
	_annotation(_app_armor_key(context)) != ""
} else := data.lib.podgate.pod.pointer(context.container, "securityContext/appArmorProfile")

_seccomp_pod := "seccomp.security.alpha.kubernetes.io/pod"

_seccomp_key(context) := sprintf("container.seccomp.security.alpha.kubernetes.io/%v", [context.container.name])

_seccomp_path := _metadata(_seccomp_pod) if {
	_annotation(_seccomp_pod) != ""
} else := "/spec/securityContext/seccompProfile"

_metadata(key) := sprintf("/metadata/annotations/%v", [replace(replace(key, "~", "~0"), "/", "~1")])
