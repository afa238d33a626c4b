# What service accounts may do in the cluster: bindings, and the roles that they name.
package lib.podgate.rbac

import future.keywords.not
import rego.v1

# Each service account, or group of them, that a binding gives more than a build needs.
grants := [grant |
	reach = _reach
	is_array(data.lib.podgate.pod.resource.subjects)
	some i, subject in data.lib.podgate.pod.resource.subjects
	is_object(subject)
	who = _account(object.get(subject, "kind", ""), object.get(subject, "name", ""), subject)
	text := sprintf("%v %v", [who, reach.text])
	at := sprintf("/subjects/%v/name", [i])
	severity := _weighed(reach, subject)
	grant := {"text": text, "details": {"path": at, "severity": severity}}
]

_binding := data.lib.podgate.pod.resource if {
	data.lib.podgate.pod.resource.kind in {"RoleBinding", "ClusterRoleBinding"}
}

# Where the binding holds: in one namespace, or in all. Who rules kube-system rules all.
_wide if {
	_binding.kind == "ClusterRoleBinding"
} else if _namespace == "kube-system"

_namespace := input.review.namespace if {
	is_string(input.review.namespace)
	input.review.namespace != ""
} else := _binding.metadata.namespace if {
	is_string(_binding.metadata.namespace)
} else := "default"

_where := "in the whole cluster" if {
	_binding.kind == "ClusterRoleBinding"
} else := "in kube-system, and so in the whole cluster" if {
	_wide
} else := sprintf(`in namespace "%v"`, [_namespace])

_severity := "high" if {
	_wide
} else := "medium"

# What the role of the binding gives; undefined where it is known and harmless.
_reach := {"severity": _severity, "text": text} if {
	_binding.roleRef.kind == "ClusterRole"
	means = _built_in[_binding.roleRef.name]
	text := sprintf("may %v %v, by ClusterRole %v", [means, _where, _binding.roleRef.name])
} else := {"severity": _severity, "text": text} if {
	_full != []
	text := sprintf(`may %v %v, by %v "%v"`, [concat(", ", _full), _where, _binding.roleRef.kind, _binding.roleRef.name])
} else := {"severity": "low", "text": text} if {
	_limited != []
	text := sprintf(`may %v, limited to some by name, %v, by %v "%v"`, [
		concat(", ", _limited),
		_where,
		_binding.roleRef.kind,
		_binding.roleRef.name,
	])
} else := {"severity": "low", "text": text} if {
	_binding
	not _harmless
	not is_array(_role.rules)
	text := sprintf(`is bound %v to %v, of which the rules are not given: what it may do is not known`, [
		_where,
		_called,
	])
} else := {"severity": "low", "text": text} if {
	not _harmless
	_binding.roleRef.kind == "ClusterRole"
	is_object(_role.aggregationRule)
	text := sprintf("is bound %v to %v, which takes its rules from other roles: what it may do is not known", [
		_where,
		_called,
	])
}

# Whether an account is that of builds is mostly not known. Where it may be that of an operator, rights in the whole
# cluster are what operators have; an account that pods get unasked, or one that may do everything, is no matter of that.
_weighed(reach, subject) := "medium" if {
	reach.severity == "high"
	not startswith(reach.text, "may do everything")
	not is_array(data.lib.podgate.parameter.values.ciNamespaces)
	not _unasked(subject)
} else := reach.severity

# Accounts that every pod is, or that a pod is which names none.
_unasked(subject) if {
	subject.kind == "Group"
} else if {
	subject.name in {"default", "system:anonymous"}
} else if endswith(subject.name, ":default")

_called := sprintf(`%v "%v"`, [_binding.roleRef.kind, _binding.roleRef.name]) if {
	is_string(_binding.roleRef.kind)
	is_string(_binding.roleRef.name)
} else := "a role that it does not name"

# A name says what a role gives only with the kind, and for a Role the namespace, that Kubernetes gives it.
_harmless if {
	_binding.roleRef.kind == "ClusterRole"
	_binding.roleRef.name in _built_in_harmless
} else if {
	_binding.kind == "RoleBinding"
	_binding.roleRef.kind == "Role"
	_binding.roleRef.name == "extension-apiserver-authentication-reader"
	_namespace == "kube-system"
}

# The role that the binding names, if it is among the other objects.
_role := _roles[0]

_roles := [role |
	some kinds in array.concat(_of_the_cluster, _of_the_namespace)
	role = kinds[_binding.roleRef.kind][_binding.roleRef.name]
]

_of_the_cluster := [kinds |
	_binding.roleRef.kind == "ClusterRole"
	is_object(data.inventory.cluster)
	some version, kinds in data.inventory.cluster
	startswith(version, "rbac.authorization.k8s.io/")
]

_of_the_namespace := [kinds |
	_binding.roleRef.kind == "Role"
	is_object(data.inventory.namespace[_namespace])
	some version, kinds in data.inventory.namespace[_namespace]
	startswith(version, "rbac.authorization.k8s.io/")
]

# Dangers that the role gives on every object of their kind, and those on some by name only.
_full := array.concat(_everything, _some_dangers)

_some_dangers := [danger.text |
	_everything == []
	some danger in _dangers
	_applies(danger)
	rules := [rule | some rule in _given; _covers(rule, danger); not _by_name(rule)]
	rules != []
]

_limited := [danger.text |
	some danger in _dangers
	_applies(danger)
	rules := [rule | some rule in _given; _covers(rule, danger)]
	rules != []
]

_everything := ["do everything" |
	some rule in _given
	"*" in rule.verbs
	"*" in rule.resources
	some group in rule.apiGroups
	group in {"", "*"}
	not _by_name(rule)
]

# The rules that are whole.
_given := [rule |
	is_array(_role.rules)
	some rule in _role.rules
	is_object(rule)
	is_array(rule.verbs)
	is_array(rule.resources)
	is_array(rule.apiGroups)
]

_by_name(rule) if {
	is_array(rule.resourceNames)
	rule.resourceNames != []
}

# What is of the cluster is out of reach of a binding in a namespace.
_applies(danger) if {
	not danger.cluster
} else if _binding.kind == "ClusterRoleBinding"

_covers(rule, danger) if {
	verbs := [verb | some verb in rule.verbs; verb in danger.verbs]
	verbs != []
	resources := [resource | some resource in rule.resources; resource in danger.resources]
	resources != []
	groups := [group | some group in rule.apiGroups; group in danger.groups]
	groups != []
}

# How a message names a subject that builds may be.
_account(kind, name, subject) := sprintf(`service account "%v/%v"`, [namespace, name]) if {
	kind == "ServiceAccount"
	namespace := _or_own(object.get(subject, "namespace", ""))
	_builds(namespace)
} else := sprintf(`service account "%v/%v"`, [parts[2], parts[3]]) if {
	kind == "User"
	startswith(name, "system:serviceaccount:")
	parts := split(name, ":")
	count(parts) == 4
	_builds(parts[2])
} else := sprintf(`every service account of namespace "%v"`, [namespace]) if {
	kind == "Group"
	startswith(name, "system:serviceaccounts:")
	namespace := trim_prefix(name, "system:serviceaccounts:")
	_builds(namespace)
} else := _everybody[name] if {
	kind in {"Group", "User"}
}

_or_own(namespace) := namespace if {
	is_string(namespace)
	namespace != ""
} else := _namespace

# Whether builds run in a namespace, as far as it is known. Whoever starts pods in kube-system needs no binding.
_builds(namespace) if {
	is_array(data.lib.podgate.parameter.values.ciNamespaces)
	namespace in data.lib.podgate.parameter.values.ciNamespaces
} else if {
	not is_array(data.lib.podgate.parameter.values.ciNamespaces)
	namespace != "kube-system"
}

_everybody := {
	"system:anonymous": "anybody, without a token,",
	"system:authenticated": "everybody with a token, every service account too,",
	"system:serviceaccounts": "every service account",
	"system:unauthenticated": "anybody, without a token,",
}

# ClusterRoles that every cluster has.
_built_in := {
	"admin": "read and write everything but quotas",
	"cluster-admin": "do everything",
	"edit": "create pods, run commands in them, read secrets and act as other service accounts",
	"system:aggregate-to-admin": "give others its own rights",
	"system:aggregate-to-edit": "create pods, run commands in them, read secrets and act as other service accounts",
	"system:kube-controller-manager": "act as every controller of the cluster",
	"system:node": "read the secrets of pods and get tokens of their service accounts",
}

_built_in_harmless := {
	"system:aggregate-to-view",
	"system:auth-delegator",
	"system:basic-user",
	"system:discovery",
	"system:heapster",
	"system:monitoring",
	"system:public-info-viewer",
	"system:service-account-issuer-discovery",
	"view",
}

# By what a build gets further than its own pod. `cluster`: the resource is in no namespace.
_dangers := [
	{
		"text": "create pods",
		"groups": ["", "*"],
		"resources": ["*", "pods"],
		"verbs": ["*", "create"],
	},
	{
		"text": "change the images of other pods",
		"groups": ["", "*"],
		"resources": ["*", "pods"],
		"verbs": ["*", "patch", "update"],
	},
	{
		"text": "create workloads, and so pods",
		"groups": ["*", "apps", "batch", "extensions"],
		"resources": ["*", "cronjobs", "daemonsets", "deployments", "jobs", "replicasets", "statefulsets"],
		"verbs": ["*", "create", "patch", "update"],
	},
	{
		"text": "run commands in other pods",
		"groups": ["", "*"],
		"resources": ["*", "*/attach", "*/exec", "pods/attach", "pods/exec"],
		"verbs": ["*", "create", "get"],
	},
	{
		"text": "add containers to other pods",
		"groups": ["", "*"],
		"resources": ["*", "*/ephemeralcontainers", "pods/ephemeralcontainers"],
		"verbs": ["*", "patch", "update"],
	},
	{
		"text": "read secrets",
		"groups": ["", "*"],
		"resources": ["*", "secrets"],
		"verbs": ["*", "get", "list", "watch"],
	},
	{
		"text": "get tokens of other service accounts",
		"groups": ["", "*"],
		"resources": ["*", "*/token", "serviceaccounts/token"],
		"verbs": ["*", "create"],
	},
	{
		"text": "act as others (impersonate)",
		"groups": ["", "*", "authentication.k8s.io"],
		"resources": ["*", "groups", "serviceaccounts", "uids", "userextras", "users"],
		"verbs": ["*", "impersonate"],
	},
	{
		"text": "give itself rights (escalate, bind)",
		"groups": ["*", "rbac.authorization.k8s.io"],
		"resources": ["*", "clusterroles", "roles"],
		"verbs": ["*", "bind", "escalate"],
	},
	{
		"text": "reach the kubelet of every node (nodes/proxy)",
		"groups": ["", "*"],
		"resources": ["*", "*/proxy", "nodes/proxy"],
		"verbs": ["*", "create", "get"],
		"cluster": true,
	},
	{
		"text": "create PersistentVolumes, and so mount files of the node",
		"groups": ["", "*"],
		"resources": ["*", "persistentvolumes"],
		"verbs": ["*", "create"],
		"cluster": true,
	},
	{
		"text": "change admission webhooks",
		"groups": ["*", "admissionregistration.k8s.io"],
		"resources": ["*", "mutatingwebhookconfigurations", "validatingwebhookconfigurations"],
		"verbs": ["*", "create", "delete", "patch", "update"],
		"cluster": true,
	},
	{
		"text": "approve certificates of clients",
		"groups": ["*", "certificates.k8s.io"],
		"resources": ["*", "*/approval", "certificatesigningrequests/approval"],
		"verbs": ["*", "patch", "update"],
		"cluster": true,
	},
]
