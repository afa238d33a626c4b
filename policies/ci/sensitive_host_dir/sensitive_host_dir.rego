# METADATA
# title: Sensitive directory of the node
# description: >-
#   Finds hostPath volumes in, at or around directories that hold the node's credentials, settings, programs or
#   state. Devices, the kubelet's directories, the data of container runtimes and logs have policies of their own.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
#     description: Kubernetes, hostPath volumes
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, HostPath Volumes
# custom:
#   id: CI104
#   severity: high
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline reads the node's keys and passwords, or writes a cron job or a program that the
#     node runs as root.
#   help: >-
#     Use an emptyDir, a PersistentVolumeClaim or a projected volume instead of a directory of the node.
package podgate.ci.sensitive_host_dir

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some entry in data.lib.podgate.volume.host_paths
	entry.class in {"benign", "sensitive"}
	msg = sprintf("%v mounts %v from the node: %v%v", [entry.subject, entry.shown, entry.what, entry.note])
	details := entry.details
}
