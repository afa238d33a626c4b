# What podgate noticed while it read the object's text: `input.notes`. Other hosts pass none.
package lib.podgate.notes

import rego.v1

# Fields that Kubernetes does not have at their place.
unknown_fields := [note |
	some note in input.notes
	note.kind == "unknown-field"
]

# Scalars of another type than their field wants.
wrong_types := [note |
	some note in input.notes
	note.kind == "wrong-type"
]

# Fields whose value something fills in later, where the text that stands there now fits in no way.
open_fields := [note |
	some note in input.notes
	note.kind == "open-field"
]

# Keys written twice in one mapping.
duplicate_keys := [note |
	some note in input.notes
	note.kind == "duplicate-key"
]

# What is brought in from elsewhere.
references := [note |
	some note in input.notes
	note.kind == "reference"
]

# Patches of the pod of which not all is known.
open_patches := [note |
	some note in input.notes
	note.kind == "open-patch"
]

# Objects that the pod creates.
creates := [note |
	some note in input.notes
	note.kind == "creates"
]

# Settings of CI systems that do more than the pod shows.
settings := [note |
	some note in input.notes
	note.kind == "setting"
]

# Texts that should hold a document and cannot be read as one.
unread := [note |
	some note in input.notes
	note.kind == "unread"
]
