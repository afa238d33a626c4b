# Reads image references.
package lib.podgate.image

import future.keywords.not
import rego.v1

# Images from none of the registries that the settings allow. There are none before the settings name a registry.
foreign := [image |
	is_array(input.parameters.registries)
	count(input.parameters.registries) > 0
	some container in data.lib.podgate.pod.containers
	reference = container.spec.image
	is_string(reference)
	known := _known(reference)
	not strings.any_prefix_match(known, _allowed)
	image := {"container": container, "reference": reference, "resolved": _resolved(reference)}
]

# Each allowed place up to the end of a name: registry.example.com is no part of registry.example.com.evil.test.
_allowed := [prefix |
	some allowed in input.parameters.registries
	is_string(allowed)
	prefix := sprintf("%v/", [_place(trim_right(trim_prefix(allowed, "https://"), "/"))])
]

# Where the image comes from, as far as it is written and not filled in later.
_known(reference) := sprintf("%v/", [_home(repository(reference))]) if {
	not unresolved(repository(reference))
} else := "" if {
	unresolved(split(reference, "/")[0])
} else := split(split(_home(repository(reference)), "$")[0], "{{")[0]

_resolved(reference) := "no" if {
	unresolved(reference)
} else := "yes"

# Whether something fills the reference in later.
unresolved(reference) if {
	contains(reference, "$")
} else if {
	contains(reference, "{{")
}

# The reference without tag and digest.
repository(reference) := concat("/", array.concat(array.slice(parts, 0, last), [name])) if {
	parts := split(split(reference, "@")[0], "/")
	last := count(parts) - 1
	name := split(parts[last], ":")[0]
}

# The last name of the repository, in lower case.
name(reference) := lower(split(parts[count(parts) - 1], ":")[0]) if parts := split(split(reference, "@")[0], "/")

# The tag in lower case; empty where there is none.
tag(reference) := lower(concat(":", array.slice(split(parts[count(parts) - 1], ":"), 1, 2))) if {
	parts := split(split(reference, "@")[0], "/")
}

# One name alone is never a registry.
_home(text) := sprintf("docker.io/library/%v", [text]) if {
	not contains(text, "/")
} else := _place(text)

# A repository with its registry in front. Docker Hub has many names, and none when nothing is said.
_place(text) := place if {
	parts := split(text, "/")
	_names_host(parts[0])
	host := lower(parts[0])
	names := array.slice(parts, 1, count(parts))
	place := concat("/", array.concat([object.get(_hub_names, host, host)], names))
} else := sprintf("docker.io/%v", [text])

_names_host(part) if {
	contains(part, ".")
} else if {
	contains(part, ":")
} else if {
	part == "localhost"
}

_hub_names := {
	"index.docker.io": "docker.io",
	"registry-1.docker.io": "docker.io",
	"registry.hub.docker.com": "docker.io",
}
