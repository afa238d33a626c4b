# METADATA
# title: Ephemeral containers in a manifest
# description: >-
#   Finds ephemeral containers in a manifest. They belong to a running pod alone; the API server
#   refuses them in a new one.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/workloads/pods/ephemeral-containers/
#     description: Kubernetes, ephemeral containers
#   - ref: https://kubernetes.io/docs/tasks/debug/debug-application/debug-running-pod/
#     description: Kubernetes, debug running pods
# custom:
#   id: CI806
#   severity: low
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever may update the subresource pods/ephemeralcontainers adds a container to a running pod
#     and mounts every volume that it has.
#   help: >-
#     Remove ephemeralContainers from the manifest, and let only administrators use the subresource
#     pods/ephemeralcontainers.
package podgate.ci.ephemeral_containers_stored

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some list in data.lib.podgate.stored.ephemeral
	msg := sprintf("the manifest holds ephemeral containers (%v): %v", [count(list), _problem])
	details := {"path": "/spec/ephemeralContainers", "at": "key"}
}

_problem := "they were added to a running pod, past whatever judged it when it was created"
