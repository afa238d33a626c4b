# METADATA
# title: Agent that mounts its Docker socket into the job
# description: >-
#   Finds containers of Azure Pipelines into which the agent mounts its Docker socket, as mapDockerSocket says. It is
#   medium where nothing is said: agents before 5.279 mount it, later ones do not.
# related_resources:
#   - ref: https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/resources-containers-container
#     description: Microsoft, resources.containers.container
#   - ref: https://github.com/microsoft/azure-pipelines-agent/pull/5627
#     description: Microsoft, the default of mapDockerSocket since agent 5.279
# custom:
#   id: CI708
#   severity: high
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
	note.values != ["default"]
	msg = "the agent mounts its Docker socket into this container"
	details := {"pointer": note.pointer}
}

violation contains {"msg": msg, "details": details} if {
	some note in data.lib.podgate.notes.settings
	note.name == "azure-docker-socket"
	note.values == ["default"]
	msg = "agents before 5.279 mount their Docker socket into this container: `mapDockerSocket` is not written"
	details := {"pointer": note.pointer, "severity": "medium"}
}
