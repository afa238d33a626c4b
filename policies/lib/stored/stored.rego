# What a manifest should not hold, since only the kubelet or a running cluster writes it.
package lib.podgate.stored

import future.keywords.not
import rego.v1

# The annotation that shows a pod to come from a kubelet's own files, if there is one.
static_marks := array.slice(_marks, 0, 1)

_marks := [mark |
	is_array(data.lib.podgate.pod.spec.containers)
	is_object(data.lib.podgate.pod.resource.metadata.annotations)
	some name, meaning in _annotations
	value = data.lib.podgate.pod.resource.metadata.annotations[name]
	not _harmless(name, value)
	path := sprintf("/metadata/annotations/%v", [replace(name, "/", "~1")])
	mark := {"name": name, "meaning": meaning, "path": path}
]

# The list of ephemeral containers, if there are any.
ephemeral := [list |
	is_array(data.lib.podgate.pod.spec.ephemeralContainers)
	list := data.lib.podgate.pod.spec.ephemeralContainers
	count(list) > 0
]

_annotations := {
	"kubernetes.io/config.hash": "the kubelet's mark of a pod that it started by itself",
	"kubernetes.io/config.mirror": "the mark of the picture of a pod that the kubelet started by itself",
	"kubernetes.io/config.source": "the mark of a pod that does not come from the API server",
}

# The kubelet marks the pods of the API server, too.
_harmless(name, value) if {
	name == "kubernetes.io/config.source"
	value in {"", "api"}
}
