# METADATA
# title: Privileged container daemon
# description: >-
#   Finds privileged containers that run a container daemon (Docker-in-Docker, BuildKit, containerd, Podman,
#   nested clusters), told by image, command, arguments or environment.
# related_resources:
#   - ref: https://hub.docker.com/_/docker
#     description: Docker Hub, the docker image and its dind variant
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, Privileged Containers
# custom:
#   id: CI202
#   severity: critical
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline starts a container in the daemon that mounts the node's disk, since the
#     daemon itself has every privilege on the node.
#   help: >-
#     Build with rootless BuildKit, Buildah or a builder without a daemon, or run the daemon under Sysbox or
#     Kata Containers.
package podgate.ci.privileged_dind

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.daemon.daemons
	value = found.container.spec.securityContext.privileged
	value != false
	pod.truthy(value)
	said := sprintf("%v is a privileged container daemon (%v)", [pod.called(found.container), found.reason])
	msg = sprintf("%v: its builds can leave it", [said])
	at := pod.pointer(found.container, "securityContext/privileged")
	severity := _severity
	details := {"path": at, "container": found.container.name, "severity": severity}
}

_severity := "high" if {
	data.lib.podgate.pod.user_namespace
} else := "critical"
