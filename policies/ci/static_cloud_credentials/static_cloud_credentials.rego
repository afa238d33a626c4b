# METADATA
# title: Long-lived credentials
# description: >-
#   Finds passwords and keys of clouds in the environment, and Secrets mounted where the tools of
#   clouds and registries look. In clear text they are high, from a Secret medium.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/secrets-good-practices/
#     description: Kubernetes, good practices for Secrets
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
#     description: AWS, security best practices in IAM
# custom:
#   id: CI606
#   severity: high
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline prints the environment or the file, and uses the key from
#     anywhere, for as long as nobody changes it.
#   help: >-
#     Let the cloud recognise the pod by its service account (workload identity), so that there is
#     no key to steal.
package podgate.ci.static_cloud_credentials

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.credential.exposed
	msg := found.text
	details := found.details
}
