# METADATA
# title: Process of the Windows node
# description: >-
#   Finds pods and containers for Windows that run as a process of the node itself (hostProcess).
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Kubernetes, Pod Security Standards
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/create-hostprocess-pod/
#     description: Kubernetes, HostProcess pods
# custom:
#   id: PSS-windowsHostProcess
#   name: windowsHostProcess
#   severity: high
#   profiles: [pss-baseline, pss-restricted]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline runs as SYSTEM on the Windows node, with its files, its services and its
#     tokens.
#   help: >-
#     Remove windowsOptions.hostProcess.
package podgate.pss.windows_host_process

import rego.v1

import data.lib.podgate.pss

violation contains {"msg": msg, "details": details} if {
	some holder in data.lib.podgate.pss.windows_host_processes
	msg = sprintf("%v must not set windowsOptions.hostProcess to true", [pss.called(holder)])
	details = pss.in_context(holder, "windowsOptions/hostProcess")
}
