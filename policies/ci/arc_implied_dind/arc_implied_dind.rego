# METADATA
# title: Runner with a Docker daemon by default
# description: >-
#   Finds runners of the older controller of GitHub Actions (actions.summerwind.dev) whose pod gets a privileged
#   Docker daemon: in a container of its own unless dockerEnabled is false, or in the runner's container with
#   dockerdWithinRunnerContainer.
# related_resources:
#   - ref: https://github.com/actions/actions-runner-controller/blob/master/docs/using-arc-across-organizations.md
#     description: Actions Runner Controller, runner settings
#   - ref: https://github.com/actions/actions-runner-controller/blob/master/docs/automatically-scaling-runners.md
#     description: Actions Runner Controller, a RunnerDeployment with all settings
# custom:
#   id: CI705
#   severity: critical
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits a workflow runs docker run --privileged with the node's disk in a step: the daemon that the
#     controller adds is privileged, although no line of the manifest says so.
#   help: >-
#     Set dockerEnabled: false, or containerMode: kubernetes, and build images with a builder that needs no
#     daemon.
package podgate.ci.arc_implied_dind

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some note in data.lib.podgate.notes.settings
	note.name == "arc-docker"
	msg = sprintf("the controller gives the runner a privileged Docker daemon%v", [_where(note)])
	details := {"pointer": note.pointer}
}

_where(note) := " in its own container" if {
	note.field == "dockerdWithinRunnerContainer"
} else := ": `dockerEnabled` is not written, and true by default" if {
	note.values == ["default"]
} else := " in a container beside it"
