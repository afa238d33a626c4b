# METADATA
# title: Custom build with the node's runtime socket
# description: >-
#   Finds custom builds of OpenShift with exposeDockerSocket: the runtime socket of the node is mounted into the
#   build, although the manifest has no volume.
# related_resources:
#   - ref: https://docs.redhat.com/en/documentation/openshift_container_platform/latest/html/builds_using_buildconfig/build-strategies
#     description: Red Hat, custom build strategy
# custom:
#   id: CI709
#   severity: critical
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever may start the build, or change its image, asks the node's runtime for a privileged container with
#     the node's disk.
#   help: >-
#     Remove exposeDockerSocket, and build with Buildah in the custom builder.
package podgate.ci.openshift_expose_socket

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some note in data.lib.podgate.notes.settings
	note.name == "openshift-docker-socket"
	msg = sprintf("%v mounts the node's runtime socket into the build", [note.field])
	details := {"pointer": note.pointer}
}
