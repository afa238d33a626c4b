# Annotations by which a pod asks the kubelet or the container runtime for more than its spec says.
package lib.podgate.annotation

import rego.v1

# Each such annotation: what it is about, its value and its place.
loosening := [found |
	is_object(data.lib.podgate.pod.resource.metadata.annotations)
	some key, value in data.lib.podgate.pod.resource.metadata.annotations
	parts := split(key, "/")
	about = _subjects[parts[0]]
	at := concat("/", ["/metadata/annotations", replace(replace(key, "~", "~0"), "/", "~1")])
	found := {"about": about, "key": key, "value": value, "at": at, "owner": _owner(about, parts)}
]

# The container that an annotation names, where it names one.
_owner(about, parts) := {"container": parts[1]} if {
	about in {"apparmor", "seccomp"}
	parts[1] != "pod"
} else := {}

# What comes before the slash, if there is one. CRI-O gave its annotations new names and still knows the old ones.
_subjects := {
	"container.apparmor.security.beta.kubernetes.io": "apparmor",
	"container.seccomp.security.alpha.kubernetes.io": "seccomp",
	"devices.crio.io": "devices",
	"io.kubernetes.cri-o.Devices": "devices",
	"io.kubernetes.cri-o.TrySkipVolumeSELinuxLabel": "labels",
	"seccomp.security.alpha.kubernetes.io": "seccomp",
	"try-skip-volume-selinux-label.crio.io": "labels",
}
