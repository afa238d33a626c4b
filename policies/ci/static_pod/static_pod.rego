# METADATA
# title: Static or mirror pod
# description: >-
#   Finds pods with the annotations by which a kubelet marks the pods that it starts from its own
#   files: kubernetes.io/config.mirror, config.hash, and config.source other than api.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/static-pod/
#     description: Kubernetes, static pods
#   - ref: https://kubernetes.io/docs/reference/labels-annotations-taints/
#     description: Kubernetes, well-known annotations
# custom:
#   id: CI804
#   severity: high
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever can write the kubelet's directory of manifests starts any pod on the node, and no
#     admission control ever sees it.
#   help: >-
#     Create the pod through the API server; remove the annotation from manifests that do so.
package podgate.ci.static_pod

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some mark in data.lib.podgate.stored.static_marks
	msg := sprintf("the annotation %v is %v: no admission control judges such pods", [mark.name, mark.meaning])
	details := {"path": mark.path}
}
