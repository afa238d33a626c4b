# METADATA
# title: Names resolved by the pod itself
# description: >-
#   Finds hostAliases: names that the pod resolves to an address of the author's choice, without asking DNS.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/network/customize-hosts-file-for-pods/
#     description: Kubernetes, hostAliases
# custom:
#   id: CI310
#   severity: low
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline makes the registry or a proxy another machine, for every program in the pod.
#   help: >-
#     Remove hostAliases and let DNS resolve names.
package podgate.ci.host_aliases

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some alias in data.lib.podgate.network.host_aliases
	msg = sprintf("%v is %v in this pod, whatever DNS says", [alias.names, alias.ip])
	at := sprintf("/spec/hostAliases/%v", [alias.index])
	fix := [{"op": "remove", "path": at}]
	details := {"path": at, "fix": fix}
}
