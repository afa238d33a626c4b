# Tells containers that run a container daemon from those that only talk to one.
package lib.podgate.daemon

import data.lib.podgate.command
import data.lib.podgate.pod

import future.keywords.not
import rego.v1

# Every container that seems to run a daemon, once, with the reason and what tells it: image, command or
# certificates.
daemons := array.concat(array.concat(_images, _commanded), array.concat(_certified, _switched))

_images := [daemon |
	some image in data.lib.podgate.image.telling
	_is_daemon(image)
	reason := sprintf("image %v is one", [image.reference])
	daemon := {"container": image.container, "told": "image", "image": image, "reason": reason}
]

_commanded := [daemon |
	some container in data.lib.podgate.command.telling
	count([other | some other in _images; pod.same(other.container, container)]) == 0
	reason = _said(container)
	daemon := {"container": container, "told": "command", "reason": reason}
]

_certified := [daemon |
	some variable in data.lib.podgate.environment.variables
	variable.name == "DOCKER_TLS_CERTDIR"
	clients := [image |
		some image in data.lib.podgate.image.telling
		pod.same(image.container, variable.container)
		image.name == "docker"
		not contains(image.tag, "cli")
	]
	count(clients) > 0
	count([other | some other in _images; pod.same(other.container, variable.container)]) == 0
	count([other | some other in _commanded; pod.same(other.container, variable.container)]) == 0
	reason := "it keeps the certificates of a Docker daemon"
	daemon := {"container": variable.container, "told": "certificates", "reason": reason}
]

# Images of Kubernetes' own tests start a daemon where this is set.
_switched := [daemon |
	some variable in data.lib.podgate.environment.variables
	variable.name == "DOCKER_IN_DOCKER_ENABLED"
	variable.body.value == "true"
	told := array.concat(_images, array.concat(_commanded, _certified))
	count([other | some other in told; pod.same(other.container, variable.container)]) == 0
	reason := "DOCKER_IN_DOCKER_ENABLED starts one"
	daemon := {"container": variable.container, "told": "variable", "reason": reason}
]

# Daemons of a whole pod that cannot work as they stand: they lack the privilege that they need.
powerless := [daemon |
	some daemon in needy
	not data.lib.podgate.pod.partial
]

# Daemons, told by their image, that need more privilege than the pod gives them as far as it is known.
needy := [daemon |
	some daemon in _images
	not _works_without(daemon)
	count([other | some other in data.lib.podgate.pod.privileged; pod.same(other, daemon.container)]) == 0
]

# Rootless BuildKit, a runtime that is made for it, a client of the image, or nothing but a digest.
_works_without(daemon) if {
	_is_rootless(daemon.image)
} else if {
	_is_of(daemon.image, {"/buildah/": "", "/podman/": ""})
} else if {
	is_string(data.lib.podgate.pod.spec.runtimeClassName)
	startswith(data.lib.podgate.pod.spec.runtimeClassName, "sysbox")
} else if {
	daemon.image.name == "docker"
	daemon.image.tag == ""
} else if {
	is_string(daemon.container.spec.command[0])
	command.program(daemon.container.spec.command[0]) in {"buildctl", "docker"}
}

# docker:dind-rootless is another matter: it needs privilege all the same.
_is_rootless(image) if {
	image.name == "buildkit"
	contains(image.tag, "rootless")
}

# Daemons and builders that are root on the node, too, where they get out.
rooted := [entry |
	not data.lib.podgate.pod.user_namespace
	not data.lib.podgate.pod.partial
	some builder in array.concat(daemons, _builders)
	why = _why_root(builder.container)
	entry := {"container": builder.container, "why": why}
]

_builders := [builder |
	some image in data.lib.podgate.image.telling
	image.name in _builder_names
	not _is_daemon(image)
	builder := {"container": image.container}
]

_why_root(container) := "is privileged" if {
	count([other | some other in data.lib.podgate.pod.privileged; pod.same(other, container)]) > 0
} else := "runs as root" if {
	count([user | some user in data.lib.podgate.user.roots; user.state != "may"; pod.same(user.container, container)]) > 0
} else := "runs as root, as nothing says otherwise" if {
	count([user | some user in data.lib.podgate.user.unknown; pod.same(user.container, container)]) > 0
	not contains(lower(container.spec.image), "rootless")
}

_builder_names := {"buildah", "executor", "img", "kaniko", "makisu", "podman"}

# Why a container seems to run a daemon; undefined where it does not.
evidence(container) := reasons[0] if {
	reasons := [daemon.reason | some daemon in daemons; pod.same(daemon.container, container)]
}

# Whether the words of a container name Docker's client or daemon.
speaks_docker(container) if {
	evidence(container)
} else if {
	clients := [word | some word in command.words_of(container); command.program(word.text) == "docker"]
	count(clients) > 0
}

# Whether an image is made to run a daemon, by the last name of its repository and its tag. A digest alone hides
# which of Docker's images it is.
_is_daemon(image) if {
	image.name == "docker"
	contains(image.tag, "dind")
} else if {
	image.name in _names
} else if {
	image.name == "docker"
	image.tag == ""
	image.pinned
} else if {
	startswith(image.name, "docker-dind-")
} else if {
	endswith(image.name, "dind")
	contains(image.repository, "/")
} else if {
	contains(image.name, "dind")
	contains(image.repository, "jenkins/")
} else if {
	_is_of(image, {"/buildah/": "", "/kindest/node": "", "/nestybox/": "", "/podman/": ""})
}

# Whether one of the names is in a repository, whatever registry or mirror comes before.
_is_of(image, names) if {
	place := sprintf("/%v", [image.repository])
	strings.replace_n(names, place) != place
}

_said(container) := sprintf("it runs %v", [programs[0]]) if {
	programs := [program |
		some found in _telling
		pod.same(found.container, container)
		some word in found.words
		program := command.program(word.text)
		program in _programs
	]
	count(programs) > 0
} else := sprintf("it runs %v", [phrases[0]]) if {
	phrases := [phrase |
		some found in _telling
		pod.same(found.container, container)
		some phrase in _phrases
		contains(found.text, phrase)
	]
	count(phrases) > 0
}

# Commands that name one of the programs or phrases.
_telling := [found |
	some found in data.lib.podgate.command.commands
	strings.replace_n(_marks, found.text) != found.text
	not found.mention
]

_marks := {mark: "" | some mark in array.concat([name | some name in _programs], _phrases)}

_programs := {"buildkitd", "containerd", "dockerd", "dockerd-entrypoint.sh", "minikube", "rootlesskit"}

_phrases := ["kind create cluster", "podman system service"]

_names := {
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
