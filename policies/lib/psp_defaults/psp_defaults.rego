# What the admission plugin of PodSecurityPolicy would have written into a pod: fields that are missing now. Of a part
# of a pod nothing is known to be missing.
package lib.podgate.psp_defaults

import future.keywords.not
import rego.v1

missing := [found |
	not data.lib.podgate.pod.partial
	some found in array.concat(_of_pod, _of_containers)
]

_of_pod := [found |
	some [field, set] in [
		["securityContext/fsGroup", _first(data.lib.podgate.psp.fields.fsGroup, data.lib.podgate.psp_containers.pod_context, "fsGroup")],
		[
			"securityContext/supplementalGroups",
			_first(data.lib.podgate.psp.fields.supplementalGroups, data.lib.podgate.psp_containers.pod_context, "supplementalGroups"),
		],
		["securityContext/seLinuxOptions", _se_linux],
		["securityContext/seccompProfile", _seccomp],
		["runtimeClassName", _runtime_class],
	]
	set != null
	found := {"path": sprintf("/spec/%v", [field]), "container": null, "field": field, "set": set}
]

_of_containers := [found |
	some context in data.lib.podgate.psp_containers.contexts
	some [field, set] in [
		["runAsUser", _first(data.lib.podgate.psp.fields.runAsUser, context, "runAsUser")],
		["runAsNonRoot", _non_root(context)],
		["runAsGroup", _first(data.lib.podgate.psp.fields.runAsGroup, context, "runAsGroup")],
		["appArmorProfile", _app_armor(context)],
		["capabilities/add", _added(context)],
		["capabilities/drop", _dropped(context)],
		["readOnlyRootFilesystem", _read_only(context)],
		["allowPrivilegeEscalation", _escalation(context)],
	]
	set != null
	found := {
		"path": data.lib.podgate.pod.pointer(context.container, sprintf("securityContext/%v", [field])),
		"container": context.container,
		"field": sprintf("securityContext/%v", [field]),
		"set": set,
	}
]

# The first id of a strategy that must run as one, where none is set.
_first(strategy, context, field) := strategy.ranges[0].min if {
	strategy.rule == "MustRunAs"
	object.get(context, field, null) == null
	is_number(strategy.ranges[0].min)
} else := null

_se_linux := data.lib.podgate.psp.fields.seLinux.seLinuxOptions if {
	data.lib.podgate.psp.fields.seLinux.rule == "MustRunAs"
	not data.lib.podgate.psp_containers.pod_context.seLinuxOptions
	is_object(data.lib.podgate.psp.fields.seLinux.seLinuxOptions)
} else := null

_seccomp := data.lib.podgate.psp.seccomp_default if {
	data.lib.podgate.psp.seccomp_default != ""
	data.lib.podgate.psp_profiles.written_seccomp == ""
} else := null

_runtime_class := data.lib.podgate.psp.fields.runtimeClass.defaultRuntimeClassName if {
	is_string(data.lib.podgate.psp.fields.runtimeClass.defaultRuntimeClassName)
	not data.lib.podgate.pod.spec.runtimeClassName
} else := null

_non_root(context) if {
	data.lib.podgate.psp.fields.runAsUser.rule == "MustRunAsNonRoot"
	context.runAsUser == null
	context.runAsNonRoot == null
} else := null

_app_armor(context) := data.lib.podgate.psp.app_armor_default if {
	data.lib.podgate.psp.app_armor_default != ""
	count(data.lib.podgate.psp_profiles.written_app_armor(context)) == 0
} else := null

# A capability that the container drops is not added to it.
_added(context) := concat(", ", names) if {
	names := [name |
		some name in data.lib.podgate.psp.fields.defaultAddCapabilities
		not name in _listed(context, "add")
		not name in _listed(context, "drop")
	]
	count(names) > 0
} else := null

_dropped(context) := concat(", ", names) if {
	names := [name |
		some name in data.lib.podgate.psp.fields.requiredDropCapabilities
		not name in _listed(context, "drop")
	]
	count(names) > 0
} else := null

_listed(context, field) := context.own.capabilities[field] if {
	is_array(context.own.capabilities[field])
} else := []

_read_only(context) if {
	data.lib.podgate.psp.fields.readOnlyRootFilesystem == true
	not "readOnlyRootFilesystem" in object.keys(context.own)
} else := null

# Set to true it is as good as not set.
_escalation(context) := false if {
	not "allowPrivilegeEscalation" in object.keys(context.own)
	_escalation_set == false
} else := null

_escalation_set := data.lib.podgate.psp.fields.defaultAllowPrivilegeEscalation if {
	is_boolean(data.lib.podgate.psp.fields.defaultAllowPrivilegeEscalation)
} else := false if {
	data.lib.podgate.psp.fields.allowPrivilegeEscalation == false
}
