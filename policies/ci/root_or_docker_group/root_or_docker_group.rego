# METADATA
# title: Group of root or of a service of the node
# description: >-
#   Finds runAsGroup, fsGroup and supplementalGroups that are 0, and, with a socket of a container runtime in the
#   pod, those that are the number of a service's group on the node, such as docker.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
#   - ref: https://docs.docker.com/engine/install/linux-postinstall/
#     description: Docker, the docker group
# custom:
#   id: CI403
#   severity: low
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline opens the runtime's socket without being root in the container, since the
#     group may.
#   help: >-
#     Remove the group, and the socket that it was for.
package podgate.ci.root_or_docker_group

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some group in data.lib.podgate.user.groups
	msg = sprintf("%v is %v: %v", [group.field, group.id, group.text])
	details := group.details
}
