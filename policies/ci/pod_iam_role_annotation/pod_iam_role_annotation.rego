# METADATA
# title: AWS role by annotation
# description: >-
#   Finds the annotation iam.amazonaws.com/role, by which kube2iam and kiam hand a role of AWS to
#   the pod that asks for it.
# related_resources:
#   - ref: https://github.com/jtblin/kube2iam
#     description: kube2iam
#   - ref: https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
#     description: Amazon EKS, IAM roles for service accounts
#   - ref: https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
#     description: Amazon EKS, Pod Identity
# custom:
#   id: CI603
#   severity: high
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline writes the name of another role that the node may assume into
#     the annotation, and has that role.
#   help: >-
#     Bind the role to a service account, by IAM roles for service accounts or EKS Pod Identity.
package podgate.ci.pod_iam_role_annotation

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some role in data.lib.podgate.identity.roles
	msg := sprintf("the pod asks for the AWS role %v%v by an annotation: %v", [role.name, role.note, _problem])
	details := {"path": "/metadata/annotations/iam.amazonaws.com~1role"}
}

_problem := "whoever writes pods chooses the role, among all that the node may assume"
