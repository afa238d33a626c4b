package lib.podgate.notes_test

import data.lib.podgate.notes

import future.keywords.not
import rego.v1

_notes := [
	{"kind": "unknown-field", "pointer": "/a"},
	{"kind": "wrong-type", "pointer": "/b"},
	{"kind": "duplicate-key", "pointer": "/c"},
]

test_success_sorted_by_kind if {
	notes.unknown_fields == [_notes[0]] with input as {"notes": _notes}
	notes.wrong_types == [_notes[1]] with input as {"notes": _notes}
	notes.duplicate_keys == [_notes[2]] with input as {"notes": _notes}
}

test_success_none_given if {
	notes.unknown_fields == [] with input as {"kind": "Pod"}
	notes.wrong_types == [] with input as {"kind": "Pod"}
	notes.duplicate_keys == [] with input as {"kind": "Pod"}
}
