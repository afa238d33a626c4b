# METADATA
# title: Part of the pod that is not known
# description: >-
#   Finds pods of CI systems of which a part is written elsewhere, such as a step of Tekton by reference
#   (info), and patches of the pod into which a parameter is filled (medium).
# related_resources:
#   - ref: https://argo-workflows.readthedocs.io/en/latest/fields/#workflowspec
#     description: Argo Workflows, podSpecPatch
#   - ref: https://tekton.dev/docs/pipelines/stepactions/
#     description: Tekton, StepActions
# custom:
#   id: CI711
#   severity: medium
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever starts the workflow chooses the parameter, closes the quotes in it and goes on with hostPID and
#     privileged: the patch is applied last and overrides all that was judged.
#   help: >-
#     Write patches out without parameters, and judge what is referred to in its own file.
package podgate.ci.patch_unresolved

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some note in data.lib.podgate.notes.open_patches
	msg = sprintf(`"%v" changes the pod in a way that is not known: %v`, [note.field, note.reason])
	details := {"pointer": note.pointer}
}

violation contains {"msg": msg, "details": details} if {
	some note in data.lib.podgate.notes.references
	msg = sprintf(`"%v" refers to what is written elsewhere: what that brings was not judged here`, [note.field])
	details := {"pointer": note.pointer, "severity": "info"}
}
