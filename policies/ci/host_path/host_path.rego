# METADATA
# title: Directory of the node
# description: >-
#   Finds every other hostPath volume, and those whose path cannot be known before something fills it in.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
#     description: Kubernetes, hostPath volumes
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, HostPath Volumes
# custom:
#   id: CI105
#   severity: medium
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline shares files with the node and with every other build on it, and can reach
#     further where the path is a link.
#   help: >-
#     Use an emptyDir for files of one build, and a PersistentVolumeClaim or a registry for caches shared by
#     builds.
package podgate.ci.host_path

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some entry in data.lib.podgate.volume.host_paths
	problem = _problems[entry.class]
	msg = sprintf("%v mounts %v from the node: %v", [entry.subject, entry.shown, problem])
	details := entry.details
}

_problems := {
	"other": "builds that share a directory of the node reach each other through it",
	"unresolved": "the path cannot be resolved here, so it may be any place of the node",
}
