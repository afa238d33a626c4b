# METADATA
# title: Default service account
# description: >-
#   Finds pods that run as the service account default, named or not, with a token of it in the pod.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/
#     description: Kubernetes, service accounts for pods
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#     description: Kubernetes, good practices for roles
# custom:
#   id: CI602
#   severity: low
#   profiles: [ci]
#   since: 0.1.0
#   inventory: [ServiceAccount]
#   attack: >-
#     A right that was granted to default for one pod works in every build of the namespace, and
#     whoever edits a pipeline has it.
#   help: >-
#     Give the pod a service account of its own, or refuse the token with
#     automountServiceAccountToken: false.
package podgate.ci.default_service_account

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.identity.default_accounts
	msg := _problem
	details := found.details
}

_problem := concat(" ", [
	`the pod runs as service account "default": what one pod of the namespace was granted through it,`,
	"all that name no account have",
])
