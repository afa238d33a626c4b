# Tells containers that run a container daemon from those that only talk to one.
package lib.podgate.daemon

import data.lib.podgate.image

import future.keywords.not
import rego.v1

# Why a container seems to run a daemon; undefined where it does not.
evidence(container) := sprintf("image %v is one", [container.spec.image]) if {
	is_string(container.spec.image)
	runs_daemon(container.spec.image)
} else := sprintf("it runs %v", [names[0]]) if {
	names := [name |
		some word in words(container)
		name := _program(word.text)
		name in _programs
	]
	count(names) > 0
} else := sprintf("it runs %v", [phrases[0]]) if {
	text := lower(concat(" ", [word.text | some word in words(container)]))
	phrases := [phrase | some phrase in _phrases; contains(text, phrase)]
	count(phrases) > 0
} else := "it keeps certificates of a Docker daemon" if {
	is_string(container.spec.image)
	image.name(container.spec.image) == "docker"
	not contains(image.tag(container.spec.image), "cli")
	is_array(container.spec.env)
	some variable in container.spec.env
	variable.name == "DOCKER_TLS_CERTDIR"
}

# Whether an image is made to run a daemon, by the last name of its repository and its tag.
runs_daemon(reference) if {
	image.name(reference) in _images
} else if {
	image.name(reference) == "docker"
	_dind(reference)
} else if {
	startswith(image.name(reference), "docker-dind-")
} else if {
	place := trim_prefix(image.repository(reference), "docker.io/")
	strings.any_prefix_match(place, ["kindest/node", "nestybox/", "quay.io/buildah/", "quay.io/podman/"])
} else if {
	endswith(image.name(reference), "dind")
	contains(image.repository(reference), "/")
} else if {
	contains(image.repository(reference), "jenkins/")
	contains(image.name(reference), "dind")
}

# A digest alone hides which of Docker's images it is.
_dind(reference) if {
	some part in split(replace(image.tag(reference), ".", "-"), "-")
	trim_left(part, "0123456789") == "dind"
} else if {
	image.tag(reference) == ""
	contains(reference, "@")
}

# Whether the words of a container name Docker's client or daemon.
speaks_docker(container) if {
	evidence(container)
} else if {
	some word in words(container)
	_program(word.text) == "docker"
}

# The words of command and arguments, without comments, each with its field and its place there.
words(container) := [word |
	some field in ["command", "args"]
	is_array(container.spec[field])
	some i, text in container.spec[field]
	some line in split(text, "\n")
	not startswith(trim_space(line), "#")
	some part in split(strings.replace_n(_breaks, line), " ")
	part != ""
	word := {"field": field, "index": i, "text": part}
]

_breaks := {"\t": " ", "\r": " ", "\"": "", "'": "", "&": " ", ";": " ", "|": " "}

_program(word) := lower(parts[count(parts) - 1]) if parts := split(trim(word, "(){}`"), "/")

_programs := {"buildkitd", "containerd", "dockerd", "dockerd-entrypoint.sh", "minikube", "rootlesskit"}

_phrases := ["kind create cluster", "podman system service"]

_images := {
	"actions-runner-dind",
	"buildkit",
	"dind",
	"dind-rootless",
	"docker-dind",
	"docker-in-docker",
	"earthly",
	"k3d",
	"k3s",
}
