# Reads image references.
package lib.podgate.image

import future.keywords.not
import rego.v1

# Images that a policy asks about, in lower case: those without a digest, and those whose names tell of a daemon or
# a builder. Others are left after one look.
telling := [image |
	some container in data.lib.podgate.pod.containers
	reference = container.spec.image
	is_string(reference)
	lowered := lower(reference)
	[contains(lowered, "@"), strings.replace_n(_marks, lowered) == lowered] != [true, true]
	image := object.union(parse(lowered), {
		"container": container,
		"reference": reference,
		"pinned": contains(lowered, "@"),
	})
]

# Images that may be another one tomorrow, with how they are written.
mutable := [image |
	some told in telling
	not told.pinned
	not contains(told.reference, "$")
	not contains(told.reference, "{{")
	image := {"container": told.container, "reference": told.reference, "kind": _kind(told.tag)}
]

_kind(tag) := "none" if {
	tag == ""
} else := "moving" if {
	split(tag, "-")[0] in _moving
} else := "moving" if {
	parts := split(tag, "-")
	parts[count(parts) - 1] in _moving
} else := "moving" if {
	trim(tag, "abcdefghijklmnopqrstuvwxyz-_.") == ""
} else := "version"

_moving := {"current", "dev", "edge", "head", "latest", "lts", "main", "master", "nightly", "stable"}

# Builders and helpers that nobody maintains any more, with what to use instead.
abandoned := [entry |
	some image in telling
	image.name in _abandoned_names
	names := [end | some end, _ in _abandoned; endswith(sprintf("/%v", [image.repository]), end)]
	count(names) > 0
	entry := {"container": image.container, "reference": image.reference, "about": _abandoned[names[0]]}
]

_abandoned_names := {"executor", "img", "kiam", "makisu", "warmer"}

_abandoned := {
	"/genuinetools/img": "img is no longer developed: use rootless BuildKit or Buildah",
	"/jess/img": "img is no longer developed: use rootless BuildKit or Buildah",
	"/kaniko-project/executor": concat(" ", [
		"Kaniko was archived in June 2025: use a fork that is maintained",
		"(osscontainertools/kaniko, chainguard-forks/kaniko), rootless BuildKit or Buildah",
	]),
	"/kaniko-project/warmer": concat(" ", [
		"Kaniko was archived in June 2025: use a fork that is maintained",
		"(osscontainertools/kaniko, chainguard-forks/kaniko), rootless BuildKit or Buildah",
	]),
	"/kiam": "kiam is no longer developed: use IRSA or EKS Pod Identity",
	"/makisu": "Makisu is archived: use rootless BuildKit or Buildah",
	"r.j3ss.co/img": "img is no longer developed: use rootless BuildKit or Buildah",
}

# Plugins that Drone and Woodpecker run privileged by themselves, or used to.
auto_privileged := [image |
	some image in telling
	image.name in _plugin_names
	strings.any_suffix_match(sprintf("/%v", [image.repository]), _plugins)
]

_plugin_names := {
	"acr",
	"docker",
	"docker-buildx",
	"ecr",
	"gar",
	"gcr",
	"heroku",
	"plugin-buildah",
	"plugin-docker-buildx",
	"wp-docker-buildx",
}

_plugins := [
	"/plugin-buildah",
	"/plugin-docker-buildx",
	"/plugins/acr",
	"/plugins/docker",
	"/plugins/ecr",
	"/plugins/gar",
	"/plugins/gcr",
	"/plugins/heroku",
	"/woodpecker-plugins/docker-buildx",
	"/wp-docker-buildx",
]

# Images from none of the registries that the settings allow. There are none before the settings name a registry.
foreign := [image |
	is_array(data.lib.podgate.parameter.values.registries)
	count(data.lib.podgate.parameter.values.registries) > 0
	some container in data.lib.podgate.pod.containers
	reference = container.spec.image
	is_string(reference)
	known := _known(reference)
	not strings.any_prefix_match(known, _allowed)
	image := {"container": container, "reference": reference, "resolved": _resolved(reference)}
]

# Each allowed place up to the end of a name: registry.example.com is no part of registry.example.com.evil.test.
_allowed := [prefix |
	some allowed in data.lib.podgate.parameter.values.registries
	is_string(allowed)
	prefix := sprintf("%v/", [_place(trim_right(trim_prefix(allowed, "https://"), "/"))])
]

# Where the image comes from, as far as it is written and not filled in later.
_known(reference) := sprintf("%v/", [_home(parse(reference).repository)]) if {
	not unresolved(parse(reference).repository)
} else := "" if {
	unresolved(split(reference, "/")[0])
} else := split(split(_home(parse(reference).repository), "$")[0], "{{")[0]

_resolved(reference) := "no" if {
	unresolved(reference)
} else := "yes"

# Whether something fills the reference in later.
unresolved(reference) if {
	contains(reference, "$")
} else if {
	contains(reference, "{{")
}

# Repository as written, its last name and the tag in lower case; the tag is empty where there is none.
parse(reference) := image if {
	parts := split(split(reference, "@")[0], "/")
	slashes := count(parts) - 1
	last := split(parts[slashes], ":")
	repository := concat("/", array.concat(array.slice(parts, 0, slashes), [last[0]]))
	tag := lower(concat(":", array.slice(last, 1, 2)))
	image := {"repository": repository, "name": lower(last[0]), "tag": tag}
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

_marks := {
	"buildah": "",
	"buildkit": "",
	"buildx": "",
	"dind": "",
	"docker": "",
	"earthly": "",
	"img": "",
	"k3": "",
	"kaniko": "",
	"kiam": "",
	"kindest/": "",
	"makisu": "",
	"nestybox/": "",
	"plugins/": "",
	"podman": "",
}
