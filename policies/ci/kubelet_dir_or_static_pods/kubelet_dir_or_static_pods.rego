# METADATA
# title: Kubelet's directory or static pods
# description: >-
#   Finds hostPath volumes at or in the directories of the kubelet, of Kubernetes' own settings and keys, and
#   of manifests that the node or the cluster starts by itself.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
#     description: Kubernetes, hostPath volumes
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/static-pod/
#     description: Kubernetes, static pods
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, HostPath Volumes
# custom:
#   id: CI111
#   severity: critical
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline takes the token of any pod on the node from the kubelet's files, or leaves
#     a static pod that runs as root and that no admission control sees.
#   help: >-
#     Remove the volume; use an emptyDir, a claim or a projected volume for what the build needs.
package podgate.ci.kubelet_dir_or_static_pods

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some entry in data.lib.podgate.volume.host_paths
	entry.class == "kubelet"
	msg = sprintf("%v mounts %v from the node: %v%v", [entry.subject, entry.shown, entry.what, entry.note])
	details := entry.details
}
