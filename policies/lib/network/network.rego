# Where a pod sends the kubelet or its own programs to an address of the author's choice.
package lib.podgate.network

import future.keywords.not
import rego.v1

# Probes and lifecycle hooks that name a host.
probe_hosts := [probe |
	some container in data.lib.podgate.pod.containers
	some field, written in object.filter(container.spec, _probing)
	some handler in _handlers(field, written)
	some kind in ["httpGet", "tcpSocket"]
	host = handler.body[kind].host
	not host in {"", null}
	probe := {"container": container, "host": host, "field": sprintf("%v/%v/host", [handler.at, kind])}
]

_probing := ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"]

# A probe, or the hooks of a lifecycle.
_handlers(field, written) := [{"at": field, "body": written}] if {
	field != "lifecycle"
} else := handlers if {
	handlers := [handler |
		some hook in ["postStart", "preStop"]
		body = written[hook]
		handler := {"at": sprintf("lifecycle/%v", [hook]), "body": body}
	]
}

# Names that the pod resolves without asking DNS; an entry without names does nothing.
host_aliases := [alias |
	is_array(data.lib.podgate.pod.spec.hostAliases)
	some i, body in data.lib.podgate.pod.spec.hostAliases
	is_object(body)
	names := concat(", ", [name | is_array(body.hostnames); some name in body.hostnames; is_string(name)])
	names != ""
	alias := {"index": i, "ip": object.get(body, "ip", ""), "names": names}
]
