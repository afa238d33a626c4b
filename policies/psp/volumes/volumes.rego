# METADATA
# title: Volume of a type that is not allowed
# description: >-
#   Finds volumes whose type is not in the policy's field volumes.
# related_resources:
#   - ref: https://v1-24.docs.kubernetes.io/docs/concepts/security/pod-security-policy/
#     description: Kubernetes 1.24, Pod Security Policies
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
# custom:
#   id: PSP-volumes
#   name: PSP-volumes
#   severity: high
#   profiles: [psp]
#   since: 0.1.0
#   parameters:
#     type: object
#     properties:
#       volumes:
#         description: >-
#           The types of volumes that pods may have; `*` for every type that PodSecurityPolicy knows.
#         type: array
#         items:
#           type: string
#           enum: ['*', awsElasticBlockStore, azureDisk, azureFile, cephFS, cinder, configMap, csi, downwardAPI, emptyDir,
#             ephemeral, fc, flexVolume, flocker, gcePersistentDisk, gitRepo, glusterfs, hostPath, iscsi, nfs,
#             persistentVolumeClaim, photonPersistentDisk, portworxVolume, projected, quobyte, rbd, scaleIO, secret,
#             storageos, vsphereVolume]
#   attack: >-
#     Whoever edits the pipeline mounts a kind of volume that brings the node's files or another team's
#     storage into the build.
#   help: >-
#     Use emptyDir, configMap, secret, projected, downwardAPI or a persistentVolumeClaim.
package podgate.psp.volumes

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some source in data.lib.podgate.psp_volumes.types
	msg := sprintf(`volume "%v" is of type %v, which the policy does not allow (volumes)`, [source.name, source.type])
	details := {"path": sprintf("/spec/volumes/%v/%v", [source.index, source.field])}
}
