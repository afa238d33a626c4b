# METADATA
# title: Path of the node that is not allowed
# description: >-
#   Finds hostPath volumes below none of the prefixes in the policy's field allowedHostPaths, and mounts
#   that may be written where the prefix is for reading only.
# related_resources:
#   - ref: https://v1-24.docs.kubernetes.io/docs/concepts/security/pod-security-policy/
#     description: Kubernetes 1.24, Pod Security Policies
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
# custom:
#   id: PSP-allowedHostPaths
#   name: PSP-allowedHostPaths
#   severity: high
#   profiles: [psp]
#   since: 0.1.0
#   parameters:
#     type: object
#     properties:
#       allowedHostPaths:
#         description: >-
#           Prefixes of paths of the node, whole names only; without one every path is allowed. They count where `volumes`
#           allows hostPath.
#         type: array
#         items:
#           type: object
#           required: [pathPrefix]
#           additionalProperties: false
#           properties:
#             pathPrefix:
#               type: string
#               minLength: 1
#             readOnly:
#               description: Whether volumes below it may only be mounted for reading.
#               type: boolean
#   attack: >-
#     Whoever edits the pipeline mounts a path of the node beside the one that was meant, and reads or
#     changes it.
#   help: >-
#     Mount only what the policy lists, with readOnly: true where it says so; better, leave hostPath out.
package podgate.psp.allowed_host_paths

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some source in data.lib.podgate.psp_volumes.host_paths
	path := object.get(source.body, "path", "")
	msg := sprintf(
		`volume "%v" mounts %v from the node, which is below no allowed prefix (allowedHostPaths)`,
		[source.name, path],
	)
	details := {"path": sprintf("/spec/volumes/%v/hostPath/path", [source.index])}
}

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.psp_volumes.writable_mounts
	msg := sprintf(
		`%v may write to %v of the node by volume "%v", which the policy allows for reading only (allowedHostPaths)`,
		[pod.called(found.container), found.path, found.volume],
	)
	details := {
		"path": pod.pointer(found.container, sprintf("volumeMounts/%v", [found.index])),
		"container": found.container.name,
	}
}
