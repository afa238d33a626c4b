# METADATA
# title: Unknown or misspelled field
# description: >-
#   Finds fields that Kubernetes does not have at their place, with the nearest one that it has. The API server
#   drops them or refuses them, so what they were to protect is not protected.
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/using-api/api-concepts/#setting-the-field-validation-level
#     description: Kubernetes, field validation
# custom:
#   id: CI802
#   name: unknown-field
#   severity: low
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     A misspelled restriction is silently dropped, so a pod that reads as confined runs without the confinement
#     that its author and its reviewers believe in.
#   help: Correct the name or move the field to the level where Kubernetes has it.
package podgate.ci.unknown_field

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some note in data.lib.podgate.notes.unknown_fields
	msg = sprintf(`field "%v" is unknown here and has no effect%v`, [note.field, _hint(note)])
	details := {"pointer": note.pointer, "at": "key"}
}

_hint(note) := hint if {
	is_string(note.nearest)
	hint := sprintf(`; did you mean "%v"?`, [note.nearest])
} else := ""
