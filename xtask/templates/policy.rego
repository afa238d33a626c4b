# METADATA
# title: {{title}}
# description: >-
#   Finds containers that TODO: which field has which value, in one sentence.
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
#     description: Kubernetes, Pod
# custom:
#   id: {{id}}
#   severity: {{severity}}
#   profiles: [ci]
#   since: {{version}}
#   attack: >-
#     TODO: who does what, and what they have then, in one sentence.
#   help: >-
#     TODO: what to write instead, in one sentence.
package podgate.{{group}}.{{name}}

import data.lib.podgate.pod

import future.keywords.not
import rego.v1

violation contains {"msg": msg, "details": details} if {
	some container in data.lib.podgate.pod.containers
	container.spec.stdin == true
	not _allowed(container)
	msg := sprintf("%v keeps its standard input open", [pod.called(container)])
	details := {"path": pod.pointer(container, "stdin"), "container": container.name}
}

_allowed(container) if container.spec.stdinOnce == true
