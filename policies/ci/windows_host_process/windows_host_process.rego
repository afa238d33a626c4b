# METADATA
# title: Process of the Windows node
# description: >-
#   Finds pods and containers with windowsOptions.hostProcess: true, which run on the Windows node itself.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/create-hostprocess-pod/
#     description: Kubernetes, HostProcess pods
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, HostProcess
# custom:
#   id: CI207
#   severity: critical
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline runs as a service account of the Windows node, with its files, network and
#     every other pod.
#   help: >-
#     Remove hostProcess; build Windows images on machines of their own.
package podgate.ci.windows_host_process

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some setting in data.lib.podgate.hardening.settings
	setting.field == "windowsOptions"
	value = setting.value.hostProcess
	pod.truthy(value)
	msg = sprintf("%v runs as a process of the Windows node itself, with all that is on it", [setting.called])
	at := concat("/", [setting.at, "hostProcess"])
	details := object.union({"path": at}, setting.owner)
}
