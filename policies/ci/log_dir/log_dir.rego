# METADATA
# title: Logs of the node
# description: >-
#   Finds hostPath volumes at or in /var/log. Writable they are high, since the kubelet follows links in the
#   logs that it serves; mounted read-only everywhere they are medium.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
#     description: Kubernetes, hostPath volumes
#   - ref: https://kubernetes.io/docs/concepts/cluster-administration/logging/
#     description: Kubernetes, logging
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, HostPath Volumes
# custom:
#   id: CI113
#   severity: high
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline puts a link to /etc/shadow in place of a log and has the kubelet, which is
#     root, read it out.
#   help: >-
#     Read logs through the API or a log service; where a collector needs the directory, mount it with
#     readOnly: true.
package podgate.ci.log_dir

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some entry in data.lib.podgate.volume.host_paths
	entry.class == "log"
	text := _consequences[entry.details.severity]
	msg = sprintf("%v mounts %v from the node, %v: %v%v", [entry.subject, entry.shown, entry.what, text, entry.note])
	details := entry.details
}

_consequences := {
	"high": "whoever writes there has the kubelet follow links as root",
	"medium": "secrets that any pod logged can be read",
}
