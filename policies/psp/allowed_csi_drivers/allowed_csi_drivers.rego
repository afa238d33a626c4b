# METADATA
# title: CSI driver that is not allowed
# description: >-
#   Finds inline CSI volumes with a driver that is not in the policy's field allowedCSIDrivers.
# related_resources:
#   - ref: https://v1-24.docs.kubernetes.io/docs/concepts/security/pod-security-policy/
#     description: Kubernetes 1.24, Pod Security Policies
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
# custom:
#   id: PSP-allowedCSIDrivers
#   name: PSP-allowedCSIDrivers
#   severity: high
#   profiles: [psp]
#   since: 0.1.0
#   parameters:
#     type: object
#     properties:
#       allowedCSIDrivers:
#         description: >-
#           The CSI drivers that pods may use inline; without one every driver is allowed. They count where `volumes` allows
#           csi.
#         type: array
#         items:
#           type: object
#           required: [name]
#           additionalProperties: false
#           properties:
#             name:
#               type: string
#               minLength: 1
#   attack: >-
#     Whoever edits the pipeline mounts storage by a driver that was meant for operators, with
#     attributes of their choice.
#   help: >-
#     Use a driver that the policy lists, or a persistentVolumeClaim.
package podgate.psp.allowed_csi_drivers

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.psp_volumes.csi_drivers
	msg := sprintf(
		`volume "%v" uses the CSI driver "%v", which the policy does not allow (allowedCSIDrivers)`,
		[found.name, found.driver],
	)
	details := {"path": sprintf("/spec/volumes/%v/csi/driver", [found.index])}
}
