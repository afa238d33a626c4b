# Tells containers that run a container daemon from those that only talk to one.
package lib.podgate.daemon

import data.lib.podgate.image

import future.keywords.not
import rego.v1

# Why a container seems to run a daemon; undefined where it does not.
evidence(container) := sprintf("image %v is one", [reference]) if {
	reference = container.spec.image
	is_string(reference)
	bare := split(lower(reference), "@")[0]
	parts := split(bare, "/")
	_daemon_image(parts[count(parts) - 1], bare, reference)
} else := reason if {
	reason = _said(words(container))
} else := "it keeps the certificates of a Docker daemon" if {
	is_string(container.spec.image)
	parsed := image.parse(container.spec.image)
	parsed.name == "docker"
	not contains(parsed.tag, "cli")
	is_array(container.spec.env)
	some variable in container.spec.env
	variable.name == "DOCKER_TLS_CERTDIR"
}

# Whether an image is made to run a daemon, by the last name of its repository and its tag. A digest alone hides
# which of Docker's images it is.
_daemon_image(last, bare, reference) if {
	startswith(last, "docker:")
	contains(last, "dind")
} else if {
	split(last, ":")[0] in _images
} else if {
	last == "docker"
	contains(reference, "@")
} else if {
	startswith(last, "docker-dind-")
} else if {
	endswith(split(last, ":")[0], "dind")
	contains(bare, "/")
} else if {
	contains(split(last, ":")[0], "dind")
	contains(bare, "jenkins/")
} else if {
	place := trim_prefix(bare, "docker.io/")
	strings.any_prefix_match(place, ["kindest/node", "nestybox/", "quay.io/buildah/", "quay.io/podman/"])
}

_said(said) := sprintf("it runs %v", [programs[0]]) if {
	programs := [program |
		some word in said
		program := _program(word.text)
		program in _programs
	]
	count(programs) > 0
} else := sprintf("it runs %v", [phrases[0]]) if {
	texts := [word.text | some word in said]
	text := lower(concat(" ", texts))
	phrases := [phrase | some phrase in _phrases; contains(text, phrase)]
	count(phrases) > 0
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
