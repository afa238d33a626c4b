# METADATA
# title: Kernel setting changed
# description: >-
#   Finds sysctls outside the newest list of those that the Pod Security Standards call safe, with dots or
#   with slashes.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/
#     description: Kubernetes, sysctls
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, Sysctls
# custom:
#   id: CI211
#   severity: medium
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline changes how the node's kernel treats other pods, or takes its memory.
#   help: >-
#     Remove the sysctl, or have the operators set it for nodes of their own.
package podgate.ci.sysctl

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some sysctl in data.lib.podgate.hardening.sysctls
	msg = sprintf("the pod sets the kernel setting %v, which can harm others on the node", [sysctl.name])
	details := {"path": sysctl.at}
}
