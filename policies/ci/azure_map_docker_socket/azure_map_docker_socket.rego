# METADATA
# title: Agent that mounts its Docker socket into the job
# description: >-
#   Finds containers of Azure Pipelines into which the agent mounts its Docker socket, as it does unless
#   mapDockerSocket is false.
# related_resources:
#   - ref: https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/resources-containers-container
#     description: Microsoft, resources.containers.container
# custom:
#   id: CI708
#   severity: medium
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline asks the agent's Docker daemon for a privileged container: the socket is in the
#     job's container, although no line says so.
#   help: >-
#     Set mapDockerSocket: false.
package podgate.ci.azure_map_docker_socket

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some note in data.lib.podgate.notes.settings
	note.name == "azure-docker-socket"
	msg = sprintf("the agent mounts its Docker socket into this container%v", [_because(note)])
	details := {"pointer": note.pointer}
}

_because(note) := ": `mapDockerSocket` is not written, and true by default" if {
	note.values == ["default"]
} else := ""
