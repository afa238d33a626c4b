# What a Namespace lets the pods in it do.
package lib.podgate.namespace

import future.keywords.not
import rego.v1

# Annotations by which pods of the namespace may take any IAM role of the nodes.
iam_open := array.concat(_permitted, array.concat(_allowed, array.concat(_unread, _unrestricted)))

# What keeps the Pod Security Admission from refusing dangerous pods: at most one.
pod_security := [gap |
	metadata = _metadata
	not data.lib.podgate.pod.partial
	not object.get(metadata, "name", "") in object.get(data.lib.podgate.parameter.values, "podSecurityExempt", _of_operators)
	gap = _gap
]

_metadata := data.lib.podgate.pod.resource.metadata if {
	data.lib.podgate.pod.resource.kind == "Namespace"
	is_object(data.lib.podgate.pod.resource.metadata)
}

_of_operators := ["kube-node-lease", "kube-public", "kube-system"]

# kiam: one regular expression, found anywhere in the name of the role.
_permitted := [way |
	expression = _metadata.annotations["iam.amazonaws.com/permitted"]
	is_string(expression)
	expression != ""
	any := [part | some part in split(expression, "|"); _any_role(part)]
	any != []
	text := sprintf(`"iam.amazonaws.com/permitted" is "%v", which fits every role: pods here take the one that they choose`, [expression])
	at := "/metadata/annotations/iam.amazonaws.com~1permitted"
	way := {"text": text, "details": {"path": at, "severity": "high"}}
]

# kube2iam: a list in JSON, of patterns with * or of regular expressions.
_allowed := [way |
	is_array(_roles)
	some i, role in _roles
	is_string(role)
	_any_role(role)
	text := sprintf(`"iam.amazonaws.com/allowed-roles" has "%v", which fits every role: pods here take the one that they choose`, [role])
	at := sprintf("/metadata/annotations/iam.amazonaws.com~1allowed-roles/%v", [i])
	way := {"text": text, "details": {"path": at, "severity": "high"}}
]

_unread := [way |
	written = _metadata.annotations["iam.amazonaws.com/allowed-roles"]
	is_string(written)
	trim_space(written) != ""
	not is_array(_roles)
	text := `"iam.amazonaws.com/allowed-roles" is no list in JSON, so kube2iam does not read it`
	at := "/metadata/annotations/iam.amazonaws.com~1allowed-roles"
	way := {"text": text, "details": {"path": at, "severity": "low"}}
]

_unrestricted := [way |
	data.lib.podgate.parameter.values.rolesByAnnotation == true
	metadata = _metadata
	not data.lib.podgate.pod.partial
	annotations := [name |
		is_object(metadata.annotations)
		some name, _ in metadata.annotations
		name in {"iam.amazonaws.com/allowed-roles", "iam.amazonaws.com/permitted"}
	]
	annotations == []
	text := "no annotation says which roles the pods here may take"
	way := {"text": text, "details": {"path": "/metadata", "severity": "medium"}}
]

_roles := roles if {
	written = _metadata.annotations["iam.amazonaws.com/allowed-roles"]
	is_string(written)
	json.is_valid(written)
	roles = json.unmarshal(written)
}

# Whether a pattern of the name or the ARN of a role fits every name.
_any_role(pattern) if {
	name := _name(replace(replace(pattern, `\S`, "."), `\w`, "."))
	trim(replace(name, "[^/]", "."), ".*+?^$()/ ") == ""
}

_name(pattern) := parts[count(parts) - 1] if {
	parts := split(pattern, ":role/")
	count(parts) > 1
} else := parts[count(parts) - 1] if {
	parts := split(pattern, ":")
}

_gap := {"severity": "medium", "path": "/metadata", "text": text} if {
	not _level
	text := concat(" ", [
		`has no label "pod-security.kubernetes.io/enforce": unless the API server is configured otherwise,`,
		"any pod is admitted, privileged ones too",
	])
} else := {"severity": "medium", "path": _enforce, "text": text} if {
	_level == "privileged"
	text := "enforces the level privileged, which refuses no pod"
} else := {"severity": "medium", "path": _enforce, "text": text} if {
	not _level in {"baseline", "restricted"}
	text := sprintf(`enforces "%v", which is no level: the API server refuses the namespace`, [_level])
} else := {"severity": "low", "path": _enforce_version, "text": text} if {
	_version != "latest"
	not _minor(_version)
	text := sprintf(`enforces version "%v", which is none: the API server refuses the namespace`, [_version])
} else := {"severity": "low", "path": _enforce_version, "text": text} if {
	_version != "latest"
	oldest := object.get(data.lib.podgate.parameter.values, "oldestPodSecurityVersion", "v1.34")
	_minor(_version) < _minor(oldest)
	text := sprintf("enforces %v as it was in Kubernetes %v, without the checks added up to %v", [
		_level,
		_version,
		oldest,
	])
}

_level := level if {
	level = _metadata.labels["pod-security.kubernetes.io/enforce"]
}

_version := version if {
	version = _metadata.labels["pod-security.kubernetes.io/enforce-version"]
}

_enforce := "/metadata/labels/pod-security.kubernetes.io~1enforce"

_enforce_version := "/metadata/labels/pod-security.kubernetes.io~1enforce-version"

_minor(version) := to_number(digits) if {
	is_string(version)
	startswith(version, "v1.")
	digits := trim_prefix(version, "v1.")
	digits != ""
	trim(digits, "0123456789") == ""
}
