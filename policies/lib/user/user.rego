# The users and groups that containers run as, where pod and container say so.
package lib.podgate.user

import data.lib.podgate.pod

import future.keywords.not
import rego.v1

# Containers that run as root, or may, because the manifest says so.
roots := [user | some user in _doubtful; user.state in {"flag", "may", "root"}]

# Containers whose image decides. Of a part of a pod that is not known, and Windows has no root.
unknown := [user |
	not data.lib.podgate.pod.partial
	not data.lib.podgate.pod.spec.os.name == "windows"
	some user in _doubtful
	user.state == "unknown"
]

# Containers of which it is not settled that they run as somebody else than root. Where the pod settles it, a
# container matters only if it has a word of its own, as that one wins.
_doubtful := array.concat(_following, _deciding)

# Those that leave it to the pod, where the pod does not settle it.
_following := [user |
	state = _state(_pod_id, _pod_non_root)
	some container in data.lib.podgate.pod.containers
	object.get(container.spec, ["securityContext", "runAsUser"], null) == null
	object.get(container.spec, ["securityContext", "runAsNonRoot"], null) == null
	at := {true: sprintf("/spec/%v/%v/image", [container.list, container.index]), false: _pod_at}[state == "unknown"]
	user := {"container": container, "state": state, "at": at}
]

_deciding := [user |
	some container in data.lib.podgate.pod.containers
	is_object(container.spec.securityContext)
	id := object.get(container.spec.securityContext, "runAsUser", null)
	non_root := object.get(container.spec.securityContext, "runAsNonRoot", null)
	[id, non_root] != [null, null]
	state = _state(_given(id, _pod_id), _given(non_root, _pod_non_root))
	user := {"container": container, "state": state, "at": _at(container, state, id, non_root)}
]

_pod_id := object.get(data.lib.podgate.pod.spec, ["securityContext", "runAsUser"], null)

_pod_non_root := object.get(data.lib.podgate.pod.spec, ["securityContext", "runAsNonRoot"], null)

# The field of the pod that decides.
_pod_at := "/spec/securityContext/runAsUser" if {
	_pod_id in {0, "0"}
} else := "/spec/securityContext/runAsNonRoot"

_given(own, inherited) := inherited if {
	own == null
} else := own

# Undefined where root is ruled out: "root" is user 0, "flag" an image that may be root by the flag, "may" a user
# who is not root where root would be let in, too.
_state(id, non_root) := "root" if {
	id in {0, "0"}
} else := "may" if {
	is_number(id)
	not non_root in {null, true}
	not pod.truthy(non_root)
} else := "unknown" if {
	not is_number(id)
	_open(id)
	non_root == null
} else := "flag" if {
	not is_number(id)
	_open(id)
	not pod.truthy(non_root)
} else := "may" if {
	not is_number(id)
	not _open(id)
	non_root != null
	not pod.truthy(non_root)
}

# No user, or one that something fills in later.
_open(id) if {
	id == null
} else if {
	is_string(id)
	contains(id, "$")
} else if {
	is_string(id)
	contains(id, "{{")
}

# The field that decided.
_at(container, state, id, non_root) := pod.pointer(container, "image") if {
	state == "unknown"
} else := pod.pointer(container, "securityContext/runAsUser") if {
	id in {0, "0"}
} else := "/spec/securityContext/runAsUser" if {
	_given(id, _pod_id) in {0, "0"}
} else := pod.pointer(container, "securityContext/runAsNonRoot") if {
	non_root != null
} else := "/spec/securityContext/runAsNonRoot"

# Groups that own what root or the node's services own: group 0, and with a socket in the pod the low numbers that
# nodes give to their services, of which docker is one.
groups := array.concat(_pod_groups, _container_groups)

_pod_groups := [group |
	context = data.lib.podgate.pod.spec.securityContext
	is_object(context)
	some field, written in object.filter(context, ["runAsGroup", "fsGroup", "supplementalGroups"])
	[is_number(written), written >= 1000] != [true, true]
	some entry in _entries(field, written)
	text = _meaning(entry.id)
	at := sprintf("/spec/securityContext/%v", [entry.at])
	group := {"field": field, "id": entry.id, "text": text, "details": {"path": at}}
]

_container_groups := [group |
	some container in data.lib.podgate.pod.containers
	id = container.spec.securityContext.runAsGroup
	text = _meaning(id)
	details := {"path": pod.pointer(container, "securityContext/runAsGroup"), "container": container.name}
	group := {"field": "runAsGroup", "id": id, "text": text, "details": details}
]

_entries(field, written) := [{"id": written, "at": field}] if {
	field != "supplementalGroups"
} else := entries if {
	is_array(written)
	entries := [entry |
		some i, id in written
		entry := {"id": id, "at": sprintf("supplementalGroups/%v", [i])}
	]
}

_meaning(id) := "with it a user who is not root opens the socket of the node's runtime, too" if {
	_low(id)
	count(data.lib.podgate.escape.sockets) > 0
} else := "files that belong to root's group are open to it" if {
	id in {0, "0"}
}

_low(id) if {
	is_number(id)
	id < 1000
} else if {
	id == "0"
}
