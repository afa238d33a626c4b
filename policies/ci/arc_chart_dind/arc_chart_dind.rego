# METADATA
# title: Runner scale set with Docker-in-Docker
# description: >-
#   Finds values of the charts for runner scale sets of GitHub Actions that choose the mode dind, for which the
#   chart adds a privileged Docker daemon to every runner.
# related_resources:
#   - ref: https://docs.github.com/en/actions/how-tos/manage-runners/use-actions-runner-controller/deploy-runner-scale-sets
#     description: GitHub, deploying runner scale sets
#   - ref: https://github.com/actions/actions-runner-controller/blob/master/charts/gha-runner-scale-set/values.yaml
#     description: Actions Runner Controller, values of the chart
# custom:
#   id: CI706
#   severity: critical
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits a workflow runs docker run --privileged with the node's disk in a step: the word dind in the
#     values makes a privileged daemon of it.
#   help: >-
#     Choose containerMode.type kubernetes-novolume or none, and build images with a builder that needs no
#     daemon.
package podgate.ci.arc_chart_dind

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some note in data.lib.podgate.notes.settings
	note.name == "arc-container-mode"
	msg = sprintf("the mode %v adds a privileged Docker daemon to every runner", [concat(" ", note.values)])
	details := {"pointer": note.pointer}
}
