# METADATA
# title: Privileged container
# description: >-
#   Finds containers of every kind that run privileged.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Kubernetes, Pod Security Standards
# custom:
#   id: PSS-privileged
#   name: privileged
#   severity: high
#   profiles: [pss-baseline, pss-restricted]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline mounts the node's disk from inside the container and writes what root on the
#     node will run.
#   help: >-
#     Set privileged to false, and build images with a builder that needs no privilege, such as rootless BuildKit
#     or Buildah.
package podgate.pss.privileged

import rego.v1

import data.lib.podgate.pod
import data.lib.podgate.pss

violation contains {"msg": msg, "details": details} if {
	some container in data.lib.podgate.pod.privileged
	msg = sprintf("%v must not set securityContext.privileged to true", [pod.called(container)])
	details = pss.in_context(container, "privileged")
}
