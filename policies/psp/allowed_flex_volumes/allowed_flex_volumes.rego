# METADATA
# title: FlexVolume driver that is not allowed
# description: >-
#   Finds flexVolumes with a driver that is not in the policy's field allowedFlexVolumes.
# related_resources:
#   - ref: https://v1-24.docs.kubernetes.io/docs/concepts/security/pod-security-policy/
#     description: Kubernetes 1.24, Pod Security Policies
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
# custom:
#   id: PSP-allowedFlexVolumes
#   name: PSP-allowedFlexVolumes
#   severity: high
#   profiles: [psp]
#   since: 0.1.0
#   parameters:
#     type: object
#     properties:
#       allowedFlexVolumes:
#         description: >-
#           The drivers of flexVolumes that pods may use; without one every driver is allowed. They count where `volumes`
#           allows flexVolume.
#         type: array
#         items:
#           type: object
#           required: [driver]
#           additionalProperties: false
#           properties:
#             driver:
#               type: string
#               minLength: 1
#   attack: >-
#     Whoever edits the pipeline has a program on the node run as root with options of their choice.
#   help: >-
#     Use a driver that the policy lists, or a persistentVolumeClaim.
package podgate.psp.allowed_flex_volumes

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.psp_volumes.flex_volumes
	msg := sprintf(
		`volume "%v" uses the flexVolume driver "%v", which the policy does not allow (allowedFlexVolumes)`,
		[found.name, found.driver],
	)
	details := {"path": sprintf("/spec/volumes/%v/flexVolume/driver", [found.index])}
}
