# METADATA
# title: Jobs choose their own identity
# description: >-
#   Finds settings of GitLab Runner by which a job chooses its namespace, service account, annotations, labels,
#   nodes or token, where the pattern for it allows anything (high) or is not bound to the whole name (medium).
# related_resources:
#   - ref: https://docs.gitlab.com/runner/executors/kubernetes/#overwrite-the-kubernetes-namespace
#     description: GitLab Runner, overwriting settings
#   - ref: https://docs.gitlab.com/runner/executors/kubernetes/
#     description: GitLab Runner, Kubernetes executor
# custom:
#   id: CI610
#   severity: high
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline sets KUBERNETES_SERVICE_ACCOUNT_OVERWRITE to an account that may do more, and
#     the job is that account.
#   help: >-
#     Leave the setting out, or write the pattern from ^ to $ with the names that jobs may choose.
package podgate.ci.overwrite_allowed

import future.keywords.not
import rego.v1

violation contains {"msg": msg, "details": details} if {
	some note in data.lib.podgate.notes.settings
	note.name == "overwrite-allowed"
	some pattern in note.values
	verdict = _verdict(pattern)
	msg = sprintf("%v (%v) lets jobs choose %v", [note.field, pattern, verdict.text])
	severity := verdict.severity
	details := {"pointer": note.pointer, "severity": severity}
}

# What a pattern allows; undefined where it is bound at both ends.
_verdict(pattern) := {"text": "anything", "severity": "high"} if {
	pattern == "true"
} else := {"text": "anything", "severity": "high"} if {
	regex.is_valid(pattern)
	count([probes | some probes in _probes; _matches_all(pattern, probes)]) > 0
} else := {"text": "any name with that in it: bind it by ^ and $", "severity": "medium"} if {
	not _is_bound(pattern)
}

# What a pattern that is bound to names of one's own does not match, all of it: names, and keys with values.
_probes := [
	["cluster-admin-sync", "kube-system", "x"],
	["iam.amazonaws.com/role=admin", "kubernetes.io/arch=amd64", "x=y"],
]

_matches_all(pattern, probes) if {
	count([probe | some probe in probes; regex.match(pattern, probe)]) == count(probes)
}

# From ^ to $, and no other way beside that.
_is_bound(pattern) if {
	startswith(pattern, "^")
	endswith(pattern, "$")
	not contains(_outside(pattern), "|")
}

# A pattern without what stands in groups, up to three of them inside each other, or is a class or escaped.
_outside(pattern) := regex.replace(regex.replace(regex.replace(plain, group, ""), group, ""), group, "") if {
	group := `\([^()]*\)`
	plain := regex.replace(regex.replace(pattern, `\\.`, ""), `\[[^\]]*\]`, "")
}
