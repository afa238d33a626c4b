# METADATA
# title: Files of the node by another way
# description: >-
#   Finds files of the node behind other volumes: PersistentVolumes with hostPath or local and claims bound to
#   them, FlexVolumes, inline CSI volumes of host path or unknown drivers, and host path storage classes.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/persistent-volumes/
#     description: Kubernetes, persistent volumes
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/
#     description: Kubernetes, volumes
# custom:
#   id: CI108
#   severity: high
#   profiles: [ci]
#   since: 0.1.0
#   kinds: [Pod, PersistentVolume]
#   inventory: [PersistentVolume, PersistentVolumeClaim]
#   attack: >-
#     Whoever edits the pipeline gets at the node's files by a volume that a check for hostPath does not look
#     at.
#   help: >-
#     Allow only storage classes and CSI drivers that give no files of the node, and let nobody but operators
#     create PersistentVolumes.
package podgate.ci.indirect_host_path

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some way in data.lib.podgate.indirect.volumes
	msg := way.text
	details := way.details
}
