# METADATA
# title: Shared process namespace
# description: >-
#   Finds pods whose containers see each other's processes (shareProcessNamespace). It is high where another
#   container is privileged or the pod holds a token for the cloud.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/share-process-namespace/
#     description: Kubernetes, share process namespace between containers
# custom:
#   id: CI305
#   severity: medium
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline reads the files and the environment of the other containers of the pod, by
#     /proc/PID/root and /proc/PID/environ.
#   help: >-
#     Remove shareProcessNamespace.
package podgate.ci.share_process_namespace

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some entry in data.lib.podgate.process.shared
	msg = sprintf("containers see each other's processes (shareProcessNamespace), %v", [entry.text])
	at := "/spec/shareProcessNamespace"
	fix := [{"op": "replace", "path": at, "value": false}]
	details := {"path": at, "severity": entry.severity, "fix": fix}
}
