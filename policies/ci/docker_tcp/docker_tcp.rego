# METADATA
# title: Docker over plain TCP
# description: >-
#   Finds the Docker API over TCP without TLS: DOCKER_HOST, the daemon's --host and --tls options, an empty
#   DOCKER_TLS_CERTDIR, port 2375, and the node's own address.
# related_resources:
#   - ref: https://docs.docker.com/engine/security/protect-access/
#     description: Docker, protect the daemon socket
#   - ref: https://docs.docker.com/engine/security/#docker-daemon-attack-surface
#     description: Docker, daemon attack surface
# custom:
#   id: CI306
#   severity: high
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline, or anybody who reaches the port, starts containers in a daemon that asks
#     nobody for a password.
#   help: >-
#     Use the daemon over TLS on port 2376, or build without a daemon.
package podgate.ci.docker_tcp

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some endpoint in data.lib.podgate.docker.endpoints
	msg = sprintf("%v %v", [pod.called(endpoint.container), endpoint.text])
	details := endpoint.details
}
