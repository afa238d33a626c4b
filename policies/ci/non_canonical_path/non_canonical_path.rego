# METADATA
# title: Path with detours
# description: >-
#   Finds paths on the node that are written with detours: .., doubled slashes, a slash at the end, spaces around
#   them, or the root of a process under /proc.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
#     description: Kubernetes, hostPath volumes
# custom:
#   id: CI107
#   severity: medium
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline writes the path of a socket so that a check which compares text does not see
#     it.
#   help: >-
#     Write the path as it is once cleaned, so that everybody sees which place is meant.
package podgate.ci.non_canonical_path

import future.keywords.not
import rego.v1

violation contains {"msg": msg, "details": details} if {
	some entry in data.lib.podgate.volume.host_paths
	not entry.tidy
	meant := _meant(entry)
	msg = sprintf(`%v writes its path with detours: "%v" means %v`, [entry.subject, entry.raw, meant])
	details := _details(entry.details, meant)
}

# The path without detours. Through the root of a process that is not enough, and a subPath says only part of it.
_meant(entry) := entry.place.clean if {
	entry.place.clean != entry.raw
	not entry.details.container
} else := entry.place.canonical

# What a subPath means depends on its volume, so that only the path of a volume can be put right here.
_details(details, meant) := {"path": details.path, "container": details.container} if {
	details.container
} else := {"path": details.path, "fix": [{"op": "replace", "path": details.path, "value": meant}]}
