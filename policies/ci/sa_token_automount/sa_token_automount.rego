# METADATA
# title: Token of the Kubernetes API in the pod
# description: >-
#   Finds pods that get a token of their service account without refusing it, by
#   automountServiceAccountToken or by a projected volume. Asked for it is medium, merely not
#   refused it is low.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/
#     description: Kubernetes, service accounts for pods
#   - ref: https://kubernetes.io/docs/concepts/security/service-accounts/
#     description: Kubernetes, service accounts
# custom:
#   id: CI601
#   severity: medium
#   profiles: [ci]
#   since: 0.1.0
#   inventory: [ServiceAccount]
#   attack: >-
#     Whoever edits the pipeline reads the token from its file and calls the Kubernetes API with
#     all that the service account may do.
#   help: >-
#     Set automountServiceAccountToken: false in the pod, and give a token only to the one container
#     that calls the API.
package podgate.ci.sa_token_automount

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some token in data.lib.podgate.identity.tokens
	msg := token.text
	details := token.details
}
