# METADATA
# title: RuntimeClass that is not allowed
# description: >-
#   Finds pods whose runtimeClassName is not in allowedRuntimeClassNames of the policy's field
#   runtimeClass.
# related_resources:
#   - ref: https://v1-24.docs.kubernetes.io/docs/concepts/security/pod-security-policy/
#     description: Kubernetes 1.24, Pod Security Policies
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
# custom:
#   id: PSP-runtimeClass
#   name: PSP-runtimeClass
#   severity: high
#   profiles: [psp]
#   since: 0.1.0
#   parameters:
#     type: object
#     properties:
#       runtimeClass:
#         description: The RuntimeClasses that pods may name; every one where `*` is the only entry.
#         type: object
#         additionalProperties: false
#         properties:
#           allowedRuntimeClassNames:
#             type: array
#             items:
#               type: string
#               minLength: 1
#           defaultRuntimeClassName:
#             description: The one that PodSecurityPolicy wrote into pods that named none.
#             type: string
#             minLength: 1
#   attack: >-
#     Whoever edits the pipeline picks a runtime that isolates less than the one that was meant for
#     builds.
#   help: >-
#     Leave runtimeClassName out, or set it to one that the policy lists.
package podgate.psp.runtime_class

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some name in data.lib.podgate.psp_containers.runtime_classes
	msg := sprintf(`pod has the RuntimeClass "%v", which the policy does not allow (runtimeClass)`, [name])
	details := {"path": "/spec/runtimeClassName"}
}
