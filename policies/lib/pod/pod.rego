# What the policies ask of a pod, each computed once: a fact is an array, and no finding comes of an empty one.
package lib.podgate.pod

import future.keywords.not
import rego.v1

# The object under judgement: Gatekeeper and podgate pass a review, Conftest passes the object itself.
resource := input.review.object if {
	is_object(input.review.object)
} else := input if {
	is_object(input)
	not input.review
}

spec := resource.spec if is_object(resource.spec)

# Where the pod is to run, as far as that is known.
namespace := input.review.namespace if {
	is_string(input.review.namespace)
	input.review.namespace != ""
} else := resource.metadata.namespace if {
	is_string(resource.metadata.namespace)
} else := "default"

# Whether only a part of the pod is known, as in a patch: what it lacks proves nothing.
partial if input.partial == true

# Every container that runs in the pod, with the list and the place in it that it comes from.
containers := [container |
	some list in ["initContainers", "containers", "ephemeralContainers"]
	is_array(spec[list])
	some i, body in spec[list]
	is_object(body)
	name := object.get(body, "name", "")
	container := {"list": list, "index": i, "name": name, "spec": body}
]

# How messages name the containers that have a name, by list and place.
titles := {list: names |
	some list in ["initContainers", "containers", "ephemeralContainers"]
	is_array(spec[list])
	names := {i: name |
		some i, body in spec[list]
		is_object(body)
		name := sprintf(`%v "%v"`, [_kinds[list], object.get(body, "name", "")])
	}
}

# Volumes that are more than an empty directory, with their place.
volumes := [volume |
	is_array(spec.volumes)
	some i, body in spec.volumes
	is_object(body)
	object.remove(body, ["emptyDir", "name"]) != {}
	volume := {"index": i, "body": body}
]

# Containers with every privilege.
privileged := [container |
	some container in containers
	value = container.spec.securityContext.privileged
	value != false
	truthy(value)
]

# Capabilities that a container adds on top of those that the Pod Security Standard "baseline" grants.
capabilities := [capability |
	some container in containers
	is_array(container.spec.securityContext.capabilities.add)
	some i, written in container.spec.securityContext.capabilities.add
	is_string(written)
	name := trim_prefix(upper(trim_space(written)), "CAP_")
	not name in default_capabilities
	capability := {"container": container, "index": i, "written": written, "name": name}
]

# The namespaces of the node that the pod enters: hostPID, hostIPC, hostNetwork.
host_namespaces := [field |
	some field, value in object.filter(spec, ["hostPID", "hostIPC", "hostNetwork"])
	value != false
	truthy(value)
]

host_network if "hostNetwork" in host_namespaces

# The ports that a container names.
ports := [named |
	some container in containers
	is_array(container.spec.ports)
	some i, port in container.spec.ports
	is_object(port)
	named := {"container": container, "index": i, "port": port}
]

# Ports opened on the node's own address. Under hostNetwork the API server writes hostPort itself, equal to
# containerPort; Pod Security Admission counts that one too.
host_ports := [named |
	some named in ports
	number = named.port.hostPort
	not number in {0, null}
]

# Root in this pod is nobody on the node, where the node supports it.
user_namespace if spec.hostUsers == false

# Booleans as YAML 1.1 and templates write them, too.
truthy(value) if {
	value == true
} else if {
	is_string(value)
	lower(value) in {"true", "yes", "on", "y"}
}

# How a message names a container: its kind and its name, or its place where it has none.
called(container) := text if {
	container.name != ""
	text := titles[container.list][container.index]
} else := text if {
	text := sprintf("%v number %v", [_kinds[container.list], container.index + 1])
}

# Whether two containers are one: names may be doubled in a file.
same(one, other) if {
	one.index == other.index
	one.list == other.list
}

# The JSON Pointer of a field of a container.
pointer(container, field) := sprintf("/spec/%v/%v/%v", [container.list, container.index, field])

_kinds := {
	"containers": "container",
	"ephemeralContainers": "ephemeral container",
	"initContainers": "init container",
}

# The capabilities that the Pod Security Standard "baseline" grants.
default_capabilities := {
	"AUDIT_WRITE",
	"CHOWN",
	"DAC_OVERRIDE",
	"FOWNER",
	"FSETID",
	"KILL",
	"MKNOD",
	"NET_BIND_SERVICE",
	"SETFCAP",
	"SETGID",
	"SETPCAP",
	"SETUID",
	"SYS_CHROOT",
}
