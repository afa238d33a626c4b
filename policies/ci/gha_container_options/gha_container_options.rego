# METADATA
# title: Workflow gives Docker options that reach out of the container
# description: >-
#   Finds jobs and services of GitHub workflows whose options or volumes take their container out to the machine
#   that it runs on: privileged, namespaces of the host, capabilities, unconfined profiles, runtime sockets and
#   the directories above them. Jobs on machines of GitHub's are info.
# related_resources:
#   - ref: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idcontaineroptions
#     description: GitHub, options of a job's container
#   - ref: https://docs.docker.com/reference/cli/docker/container/create/
#     description: Docker, docker create
# custom:
#   id: CI707
#   severity: critical
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the workflow adds --privileged and the node's disk to the options, and the runner's Docker
#     daemon does as it is told.
#   help: >-
#     Remove the options, and run the job on runners in Kubernetes mode, which take none.
package podgate.ci.gha_container_options

import data.lib.podgate.node
import data.lib.podgate.path

import future.keywords.not
import rego.v1

violation contains {"msg": msg, "details": details} if {
	some note in data.lib.podgate.notes.settings
	text = _texts[note.name]
	some option in note.values
	weight = _weight(option)
	msg = sprintf("the container is created with %v: %v", [option, text])
	severity := _severity(note, weight)
	details := {"pointer": note.pointer, "severity": severity}
}

_texts := {
	"docker-options": concat(" ", [
		"it reaches the machine of the runner,",
		"unless that is in Kubernetes mode and takes no options",
	]),
	"docker-options-hosted": concat(" ", [
		"on a machine of GitHub's it reaches what ends with the job;",
		"on a runner of yours it reaches the node",
	]),
}

_severity(note, weight) := weight if {
	note.name == "docker-options"
} else := "info"

# How much an option gives; undefined for those that other policies tell of.
_weight(option) := "critical" if {
	option == "--privileged"
} else := "critical" if {
	startswith(option, "--volume=")
	node.judge(path.read(substring(option, 9, -1)), "").class in {"parent", "socket"}
} else := "high" if {
	option in {
		"--ipc=host",
		"--net=host",
		"--network=host",
		"--pid=host",
		"--userns=host",
		"--uts=host",
	}
} else := "high" if {
	startswith(option, "--cap-add=")
	not trim_prefix(upper(substring(option, 10, -1)), "CAP_") in data.lib.podgate.pod.default_capabilities
} else := "high" if {
	startswith(option, "--security-opt=")
}
