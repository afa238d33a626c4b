# METADATA
# title: Container that may write its root file system
# description: >-
#   Finds containers with readOnlyRootFilesystem false where the policy's field readOnlyRootFilesystem
#   is true.
# related_resources:
#   - ref: https://v1-24.docs.kubernetes.io/docs/concepts/security/pod-security-policy/
#     description: Kubernetes 1.24, Pod Security Policies
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
# custom:
#   id: PSP-readOnlyRootFilesystem
#   name: PSP-readOnlyRootFilesystem
#   severity: high
#   profiles: [psp]
#   since: 0.1.0
#   parameters:
#     type: object
#     properties:
#       readOnlyRootFilesystem:
#         description: Whether containers must run with a root file system that they cannot write.
#         type: boolean
#   attack: >-
#     Whoever breaks into a running build changes its programs and stays in it.
#   help: >-
#     Set readOnlyRootFilesystem to true and mount an emptyDir where the build writes.
package podgate.psp.read_only_root_filesystem

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some container in data.lib.podgate.psp_containers.writable_roots
	msg := sprintf(
		"%v may write its root file system, which the policy does not allow (readOnlyRootFilesystem)",
		[pod.called(container)],
	)
	details := {"path": pod.pointer(container, "securityContext/readOnlyRootFilesystem"), "container": container.name}
}
