# METADATA
# title: hostPath volume
# description: >-
#   Finds every hostPath volume. The level "restricted" has restrictedVolumes instead.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Kubernetes, Pod Security Standards
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
#     description: Kubernetes, hostPath volumes
# custom:
#   id: PSS-hostPathVolumes
#   name: hostPathVolumes
#   severity: high
#   profiles: [pss-baseline]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline mounts the Docker socket or the node's disk, and is root on the node.
#   help: >-
#     Use an emptyDir, a claim, or a projected volume.
package podgate.pss.host_path_volumes

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some volume in data.lib.podgate.pss.host_path_volumes
	msg := sprintf(`volume "%v" must not be a hostPath`, [volume.name])
	details := {"path": sprintf("/spec/volumes/%v/hostPath", [volume.index])}
}
