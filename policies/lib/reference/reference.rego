# Tells values that something fills in from elsewhere: a variable, a parameter, a store of secrets.
package lib.podgate.reference

import data.lib.podgate.placeholder

import future.keywords.not
import rego.v1

# Whether a value is references as a whole, with no text of its own beside them nor in them.
is_one(value) if {
	is_string(value)
	regex.match(_whole, value)
	count([own | some own in _literals(value); own != ""; not placeholder.is_one(own)]) == 0
}

_whole := sprintf("^[ \t\r\n]*(?:%v)+[ \t\r\n]*$", [concat("|", [_expressions, _variables, _stores])])

# `${{ secrets.x }}`, `{{inputs.parameters.x}}`, `<< parameters.x >>`, `((x))`, `$[variables['x']]`
_expressions := concat("|", [
	`\$?\{\{(?:[^}]|\}[^}])*\}\}`,
	`<<[^<>]*>>`,
	`\(\([^()]*\)\)`,
	`\$\[(?:[^\[\]]|\[[^\[\]]*\])*\]`,
])

# `$(x)`, `${x}`, `$x`; a second `$` leaves it to what runs later.
_variables := concat("|", [
	`\$+\((?:[^()]|\([^()]*\))*\)`,
	`\$+\{(?:[^{}]|\$\{[^{}]*\})*\}`,
	`\$+[A-Za-z_][A-Za-z0-9_]*`,
])

# `op://vault/item/field`, `ref+vault://path#/key`, `vault:path#key`
_stores := `(?:op|ref\+[a-z0-9]+)://[^ \t\r\n]+|(?:>>)?vault:[^ \t\r\n#]+#[^ \t\r\n]+`

# What a reference says itself: the value where there is none (`${x:-text}`, `secrets.x || 'text'`), or nothing else.
_literals(value) := [own |
	some found in regex.find_n(_literal, value, -1)
	own := regex.replace(regex.replace(found, _front, ""), `["']$`, "")
]

_literal := sprintf(`%v[^{}$]+|%v(?:"[^"]*"|'[^']*')`, [_default, _operator])

_front := sprintf(`^(?:%v|%v["'])`, [_default, _operator])

_default := `\$\{[A-Za-z_][A-Za-z0-9_]*:?[-=+]`

_operator := `(?:\|\||&&|\?:|default|\{\{|\$[({\[]+)[ (=]*`
