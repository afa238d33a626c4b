# METADATA
# title: Kind of volume not allowed
# description: >-
#   Finds volumes of other kinds than configMap, csi, downwardAPI, emptyDir, ephemeral, image,
#   persistentVolumeClaim, projected and secret. At the level "restricted" it takes the place of hostPathVolumes.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Kubernetes, Pod Security Standards
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/
#     description: Kubernetes, volumes
# custom:
#   id: PSS-restrictedVolumes
#   name: restrictedVolumes
#   severity: high
#   profiles: [pss-restricted]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline mounts the Docker socket, the node's disk or a network share of their
#     choosing, past what the cluster's storage classes allow.
#   help: >-
#     Use an emptyDir, a claim, or a projected volume.
package podgate.pss.restricted_volumes

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some volume in data.lib.podgate.pss.restricted_volumes
	msg := sprintf(`volume "%v" must not be of the kind %v`, [volume.name, volume.source])
	details := {"path": sprintf("/spec/volumes/%v/%v", [volume.index, volume.source])}
}
