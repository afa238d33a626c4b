# METADATA
# title: Value of the wrong type
# description: >-
#   Finds scalars that are not of the type that their field has, such as a quoted "true" where Kubernetes wants a
#   boolean. podgate judges them as what they were meant to be.
# related_resources:
#   - ref: https://yaml.org/type/bool.html
#     description: YAML 1.1, which words are booleans
# custom:
#   id: CI803
#   name: wrong-type
#   severity: low
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     A privilege that is switched on by a quoted word looks like text to one tool and like consent to another,
#     so it passes the review of the first and takes effect with the second.
#   help: Write booleans as true or false without quotes, numbers without quotes, and strings in quotes.
package podgate.ci.wrong_type

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some note in data.lib.podgate.notes.wrong_types
	msg = sprintf(`field "%v" must be %v and is %v`, [note.field, note.wanted, note.found])
	severity := _severity(note)
	details := {"pointer": note.pointer, "severity": severity}
}

# A boolean that some reader takes for true is worse than a slip.
_severity(note) := "medium" if {
	note.truthy == true
} else := "low"
