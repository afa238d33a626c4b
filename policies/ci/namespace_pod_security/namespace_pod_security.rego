# METADATA
# title: Namespace without Pod Security
# description: >-
#   Finds namespaces in which Pod Security Admission refuses nothing: no label enforce, the level privileged, or
#   a level as it was in an old version of Kubernetes.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-admission/
#     description: Kubernetes, Pod Security Admission
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-namespace-labels/
#     description: Kubernetes, enforce the standards with labels
# custom:
#   id: CI805
#   severity: medium
#   profiles: [ci]
#   since: 0.1.0
#   kinds: [Namespace]
#   parameters:
#     type: object
#     properties:
#       podSecurityExempt:
#         description: >-
#           Names of namespaces that may go without, since operators alone create pods there: kube-system,
#           kube-public and kube-node-lease where nothing is said.
#         type: array
#         items:
#           type: string
#           minLength: 1
#       oldestPodSecurityVersion:
#         description: >-
#           The oldest version that a namespace may pin with enforce-version: v1.34, which added the last check,
#           where nothing is said.
#         type: string
#         pattern: '^v1\.(0|[1-9][0-9]*)$'
#   attack: >-
#     Whoever edits the pipeline writes a privileged pod into it, and nothing in the cluster refuses that pod.
#   help: >-
#     Label the namespace pod-security.kubernetes.io/enforce: baseline, or restricted where builds allow it, with
#     enforce-version latest or none.
package podgate.ci.namespace_pod_security

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.namespace.pod_security
	msg := sprintf("the namespace %v", [found.text])
	details := {"path": found.path, "severity": found.severity}
}
