# METADATA
# title: Token that lasts long or fits anywhere
# description: >-
#   Finds projected tokens of a service account that last longer than an hour, or that name no
#   audience.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#launch-a-pod-using-service-account-token-projection
#     description: Kubernetes, projected tokens
#   - ref: https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken
#     description: Kubernetes, projected volumes
# custom:
#   id: CI611
#   severity: low
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline copies the token out of the build and uses it elsewhere long
#     after the build is over.
#   help: >-
#     Set expirationSeconds to 3600 or less, and audience to the one service that is to accept the
#     token.
package podgate.ci.long_token

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some token in data.lib.podgate.identity.projected
	is_number(token.seconds)
	token.seconds > 3600
	msg := sprintf(`the token in volume "%v" lasts %v seconds: a stolen one is of use that long`, [token.volume, token.seconds])
	at := sprintf("%v/expirationSeconds", [token.at])
	details := {"path": at}
}

violation contains {"msg": msg, "details": details} if {
	some token in data.lib.podgate.identity.projected
	token.audience == ""
	msg := sprintf(`the token in volume "%v" names no audience: the Kubernetes API accepts it`, [token.volume])
	at := token.at
	details := {"path": at}
}
