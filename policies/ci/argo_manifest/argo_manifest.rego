# METADATA
# title: Workflow creates objects of the cluster
# description: >-
#   Finds templates of Argo Workflows that create or change objects from a manifest, with the workflow's service
#   account (info), or into whose manifest parameters are filled (medium). What the manifest holds is judged
#   beside it.
# related_resources:
#   - ref: https://argo-workflows.readthedocs.io/en/latest/walk-through/kubernetes-resources/
#     description: Argo Workflows, Kubernetes resources
# custom:
#   id: CI712
#   severity: info
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     A workflow that may create pods creates one that is privileged, in any namespace where its service account
#     may: whoever edits the workflow has the rights of that account.
#   help: >-
#     Give the workflow's service account only what its manifests need, and let admission judge the pods that it
#     creates.
package podgate.ci.argo_manifest

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some note in data.lib.podgate.notes.creates
	open := _open(note)
	msg = sprintf("the pod may %v objects of the cluster with its service account%v", [_action(note), open.text])
	details := {"pointer": note.pointer, "severity": open.severity}
}

_open(note) := {"severity": "medium", "text": text} if {
	note.open == true
	text := ", and whoever chooses what is filled into the manifest chooses which"
} else := {"severity": "info", "text": ""}

_action(note) := note.action if {
	note.action in {"apply", "create", "delete", "patch", "replace"}
} else := "change"
