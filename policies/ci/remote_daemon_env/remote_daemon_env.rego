# METADATA
# title: Container daemon by environment
# description: >-
#   Finds variables that lead a container to a build or container daemon: BUILDKIT_HOST, CONTAINER_HOST,
#   CONTAINERD_ADDRESS, CONTAINER_RUNTIME_ENDPOINT, those of Testcontainers, and DOCKER_HOST with a socket. It is
#   medium for TCP without TLS, and for a socket where one of the node is mounted.
# related_resources:
#   - ref: https://github.com/moby/buildkit#expose-buildkit-as-a-tcp-service
#     description: BuildKit, as a TCP service
#   - ref: https://docs.podman.io/en/latest/markdown/podman-remote.1.html
#     description: Podman, remote client
# custom:
#   id: CI307
#   severity: info
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline gives orders to the daemon at that address, and over plain TCP so does
#     everybody who reaches it.
#   help: >-
#     Reach the daemon over mutual TLS, and keep it in a sandbox of its own.
package podgate.ci.remote_daemon_env

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some address in data.lib.podgate.remote.addresses
	container := address.variable.container
	msg = sprintf("%v is led to a daemon by %v: %v", [pod.called(container), address.variable.name, address.text])
	at := pod.pointer(container, sprintf("env/%v%v", [address.variable.index, address.field]))
	details := {"path": at, "container": container.name, "severity": address.severity}
}
