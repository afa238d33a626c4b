# METADATA
# title: Rights of builds in the cluster
# description: >-
#   Finds role bindings that let service accounts create pods, run commands in other pods, read secrets, become
#   others or do everything, and those whose role is not among the files.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#     description: Kubernetes, good practices for RBAC
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/
#     description: Kubernetes, RBAC
# custom:
#   id: CI612
#   severity: high
#   profiles: [ci]
#   since: 0.1.0
#   kinds: [RoleBinding, ClusterRoleBinding]
#   inventory: [Role, ClusterRole]
#   parameters:
#     type: object
#     properties:
#       ciNamespaces:
#         description: >-
#           Namespaces in which builds run. Without it, service accounts of every namespace but kube-system are
#           taken for those of builds.
#         type: array
#         minItems: 1
#         items:
#           type: string
#           minLength: 1
#   attack: >-
#     Whoever edits the pipeline uses the token in the build pod to start a pod of their own choice, or to read
#     the secrets of others.
#   help: >-
#     Give the account of build pods no rights and no token; let only the controller create pods, in a namespace of
#     their own, with a Role that names each verb and resource.
package podgate.ci.ci_rbac

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.rbac.grants
	msg := found.text
	details := found.details
}
