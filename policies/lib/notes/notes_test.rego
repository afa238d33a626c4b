package lib.podgate.notes_test

import data.lib.podgate.notes

import rego.v1

_notes := [
	{"kind": "unknown-field", "pointer": "/a"},
	{"kind": "wrong-type", "pointer": "/b"},
	{"kind": "duplicate-key", "pointer": "/c"},
	{"kind": "open-field", "pointer": "/d"},
	{"kind": "reference", "pointer": "/e"},
	{"kind": "open-patch", "pointer": "/f"},
	{"kind": "creates", "pointer": "/g"},
	{"kind": "setting", "pointer": "/h"},
]

test_success_unknown_fields if {
	found := notes.unknown_fields with input as {"notes": _notes}
	found == [{"kind": "unknown-field", "pointer": "/a"}]
}

test_success_wrong_types if {
	found := notes.wrong_types with input as {"notes": _notes}
	found == [{"kind": "wrong-type", "pointer": "/b"}]
}

test_success_duplicate_keys if {
	found := notes.duplicate_keys with input as {"notes": _notes}
	found == [{"kind": "duplicate-key", "pointer": "/c"}]
}

test_success_open_fields if {
	found := notes.open_fields with input as {"notes": _notes}
	found == [{"kind": "open-field", "pointer": "/d"}]
}

test_success_references if {
	found := notes.references with input as {"notes": _notes}
	found == [{"kind": "reference", "pointer": "/e"}]
}

test_success_open_patches if {
	found := notes.open_patches with input as {"notes": _notes}
	found == [{"kind": "open-patch", "pointer": "/f"}]
}

test_success_creates if {
	found := notes.creates with input as {"notes": _notes}
	found == [{"kind": "creates", "pointer": "/g"}]
}

test_success_settings if {
	found := notes.settings with input as {"notes": _notes}
	found == [{"kind": "setting", "pointer": "/h"}]
}

test_success_none_given if {
	notes.unknown_fields == [] with input as {"kind": "Pod"}
	notes.wrong_types == [] with input as {"kind": "Pod"}
	notes.open_fields == [] with input as {"kind": "Pod"}
	notes.duplicate_keys == [] with input as {"kind": "Pod"}
	notes.references == [] with input as {"kind": "Pod"}
	notes.open_patches == [] with input as {"kind": "Pod"}
	notes.creates == [] with input as {"kind": "Pod"}
	notes.settings == [] with input as {"kind": "Pod"}
}
