# METADATA
# title: BuildKit with its walls down
# description: >-
#   Finds options that let BuildKit's builds run privileged or on the host's network
#   (--allow-insecure-entitlement, --allow), and, as low, the missing process sandbox where BuildKit is not
#   rootless.
# related_resources:
#   - ref: https://docs.docker.com/reference/cli/docker/buildx/build/
#     description: Docker, buildx build --allow
#   - ref: https://github.com/moby/buildkit/blob/master/docs/rootless.md
#     description: BuildKit, rootless mode
# custom:
#   id: CI507
#   severity: high
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the Dockerfile writes RUN --security=insecure and runs with every privilege that the daemon
#     has.
#   help: >-
#     Remove the option, and run BuildKit rootless.
package podgate.ci.buildkit_insecure

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some option in data.lib.podgate.buildkit.insecure
	msg = sprintf("%v takes BuildKit's walls down: %v", [pod.called(option.container), option.text])
	at := pod.pointer(option.container, option.field)
	details := {"path": at, "container": option.container.name, "severity": option.severity}
}
