# Tells containers that run a container daemon from those that only talk to one.
package lib.podgate.daemon

import data.lib.podgate.image

import future.keywords.not
import rego.v1

# Why a container seems to run a daemon; undefined where it does not.
evidence(container) := sprintf("image %v is one", [reference]) if {
	reference = container.spec.image
	is_string(reference)
	_made_for_it(reference, image.parse(reference))
} else := sprintf("it runs %v", [programs[0]]) if {
	programs := [program |
		some word in words(container)
		program := _program(word.text)
		program in _programs
	]
	count(programs) > 0
} else := sprintf("it runs %v", [phrases[0]]) if {
	texts := [word.text | some word in words(container)]
	text := lower(concat(" ", texts))
	phrases := [phrase | some phrase in _phrases; contains(text, phrase)]
	count(phrases) > 0
} else := "it keeps the certificates of a Docker daemon" if {
	reference = container.spec.image
	is_string(reference)
	parsed := image.parse(reference)
	parsed.name == "docker"
	not contains(parsed.tag, "cli")
	is_array(container.spec.env)
	some variable in container.spec.env
	variable.name == "DOCKER_TLS_CERTDIR"
}

# Whether an image is made to run a daemon. A digest alone hides which of Docker's images it is.
_made_for_it(reference, parsed) if {
	parsed.name in _images
} else if {
	parsed.name == "docker"
	contains(parsed.tag, "dind")
} else if {
	parsed.name == "docker"
	parsed.tag == ""
	contains(reference, "@")
} else if {
	startswith(parsed.name, "docker-dind-")
} else if {
	endswith(parsed.name, "dind")
	contains(parsed.repository, "/")
} else if {
	contains(parsed.name, "dind")
	contains(parsed.repository, "jenkins/")
} else if {
	place := trim_prefix(parsed.repository, "docker.io/")
	strings.any_prefix_match(place, ["kindest/node", "nestybox/", "quay.io/buildah/", "quay.io/podman/"])
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
	is_string(text)
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
