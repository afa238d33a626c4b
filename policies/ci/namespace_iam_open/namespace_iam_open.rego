# METADATA
# title: Namespace in which pods may take any IAM role
# description: >-
#   Finds namespaces whose annotations for kiam or kube2iam let every pod in them take any IAM role that the
#   nodes may assume.
# related_resources:
#   - ref: https://github.com/jtblin/kube2iam#namespace-restrictions
#     description: kube2iam, namespace restrictions
#   - ref: https://github.com/uswitch/kiam#overview
#     description: kiam, annotations of namespaces and pods
# custom:
#   id: CI604
#   severity: high
#   profiles: [ci]
#   since: 0.1.0
#   kinds: [Namespace]
#   parameters:
#     type: object
#     properties:
#       rolesByAnnotation:
#         description: >-
#           Whether kiam or kube2iam gives roles to pods by annotation in this cluster. Then a namespace that says
#           nothing about roles is found, too.
#         type: boolean
#   attack: >-
#     Whoever edits the pipeline annotates the build pod with the ARN of an administrator's role and is given
#     its credentials.
#   help: >-
#     List the few roles that builds need by their full names, or give each service account its own role by IRSA
#     or EKS Pod Identity.
package podgate.ci.namespace_iam_open

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.namespace.iam_open
	msg := found.text
	details := found.details
}
