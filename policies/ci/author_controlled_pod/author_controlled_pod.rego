# METADATA
# title: File of the repository says what its pod is
# description: >-
#   Finds pipelines that bring the pod they run in, such as podTemplate in a Jenkinsfile, the plugin
#   kubernetes of Buildkite and backend_options of Woodpecker: whoever may push to the repository
#   decides what the pod may do.
# related_resources:
#   - ref: https://buildkite.com/docs/agent/self-hosted/agent-stack-k8s/kubernetes-plugin
#     description: Buildkite, Kubernetes plugin
#   - ref: https://woodpecker-ci.org/docs/administration/configuration/backends/kubernetes
#     description: Woodpecker, Kubernetes backend
#   - ref: https://plugins.jenkins.io/kubernetes/
#     description: Jenkins, Kubernetes plugin
# custom:
#   id: CI713
#   severity: info
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever may push a branch writes hostPID and privileged into the pipeline, and only admission in the
#     cluster stands between that pod and the node.
#   help: >-
#     Judge these pods in admission as well, with the level restricted in the namespace of CI, or switch the
#     feature off.
package podgate.ci.author_controlled_pod

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some note in data.lib.podgate.notes.settings
	note.name == "author-pod"
	msg = sprintf("`%v` lets whoever writes this file decide what the pod may do", [note.field])
	details := {"pointer": note.pointer}
}
