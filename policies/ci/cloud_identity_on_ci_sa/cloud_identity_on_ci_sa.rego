# METADATA
# title: Identity in a cloud
# description: >-
#   Finds pods whose service account, or whose label, makes them an identity in AWS, Google Cloud or
#   Azure. It is high where the pod can also take the node over.
# related_resources:
#   - ref: https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
#     description: Amazon EKS, IAM roles for service accounts
#   - ref: https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
#     description: Google Cloud, Workload Identity Federation for GKE
#   - ref: https://azure.github.io/azure-workload-identity/docs/
#     description: Azure Workload Identity
# custom:
#   id: CI605
#   severity: info
#   profiles: [ci]
#   since: 0.1.0
#   inventory: [ServiceAccount]
#   attack: >-
#     Whoever edits the pipeline calls the cloud as the service account, and from a pod that can
#     leave its container also as every other pod of the node.
#   help: >-
#     Give the account only what this one build needs, and take from the pod what lets it reach the
#     node.
package podgate.ci.cloud_identity_on_ci_sa

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some cloud in data.lib.podgate.identity.clouds
	msg := cloud.text
	details := cloud.details
}
