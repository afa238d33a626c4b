# METADATA
# title: Dangerous field that is filled in later
# description: >-
#   Finds templates and variables in fields that decide over the node: privileged and other
#   booleans, whole lists, parts of hostPath volumes, the type of one, procMount, and images that
#   may become a daemon.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#using-subpath-expanded-environment
#     description: Kubernetes, subPath from variables
#   - ref: https://helm.sh/docs/helm/helm_template/
#     description: Helm, helm template
# custom:
#   id: CI801
#   severity: medium
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever may choose the value that is filled in makes a harmless manifest a privileged one
#     after it was checked.
#   help: >-
#     Judge the manifest once everything is filled in, for example the output of helm template, or
#     write the value out.
package podgate.ci.unresolved_template

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some field in data.lib.podgate.open.fields
	msg := field.text
	details := field.details
}
