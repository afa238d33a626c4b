# METADATA
# title: Nodes with broad rights in AWS
# description: >-
#   Finds IAM policies in kops clusters that allow all actions of AWS or of a service on every resource, managed
#   policies that do, and policies that cannot be read.
# related_resources:
#   - ref: https://kops.sigs.k8s.io/iam_roles/
#     description: kops, IAM roles
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
#     description: AWS, elements of an IAM policy
# custom:
#   id: CI609
#   severity: high
#   profiles: [ci]
#   since: 0.1.0
#   kinds: [Cluster, InstanceGroup]
#   attack: >-
#     Whoever edits the pipeline takes the node's credentials from its metadata service and does with them what
#     the nodes may do in the AWS account.
#   help: >-
#     Take the statement off the nodes and give the one service account that needs it a role of its own (IRSA), with
#     the actions and resources by name.
package podgate.ci.node_iam_wildcard

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.kops.grants
	msg := found.text
	details := found.details
}
