# METADATA
# title: Key written twice
# description: >-
#   Finds keys that stand twice in one mapping of a manifest. Kubernetes takes the last one, or refuses the object,
#   depending on how it is asked; a reader may see the first.
# related_resources:
#   - ref: https://yaml.org/spec/1.2.2/#3213-node-comparison
#     description: YAML 1.2, keys of a mapping are unique
# custom:
#   id: CI809
#   name: duplicate-key
#   severity: medium
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     A reviewer, or a tool that keeps the first of two equal keys, sees a harmless value while the cluster takes
#     the second.
#   help: Keep one of the two.
package podgate.ci.duplicate_key

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some note in data.lib.podgate.notes.duplicate_keys
	msg = sprintf(`key "%v" is written twice in one mapping; the last one counts`, [note.field])
	severity := _severity(note)
	details := {"pointer": note.pointer, "at": "key", "severity": severity}
}

# Where the key decides what the pod may do, two of them are a way past the reviewer.
_severity(note) := "high" if {
	note.field in _powers
} else := "medium"

_powers := {
	"add",
	"capabilities",
	"hostIPC",
	"hostNetwork",
	"hostPID",
	"hostPath",
	"hostUsers",
	"image",
	"path",
	"privileged",
	"procMount",
	"securityContext",
	"spec",
}
