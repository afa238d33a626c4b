# METADATA
# title: Builder that nobody maintains
# description: >-
#   Finds images of builders and helpers that are no longer maintained: the original Kaniko, img, Makisu and kiam.
# related_resources:
#   - ref: https://github.com/GoogleContainerTools/kaniko
#     description: Kaniko, archived
#   - ref: https://github.com/osscontainertools/kaniko
#     description: A maintained fork of Kaniko
# custom:
#   id: CI504
#   severity: low
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline uses a fault of the builder that is known and that nobody will mend.
#   help: >-
#     Use a fork that is maintained, rootless BuildKit or Buildah; for kiam, IRSA or EKS Pod Identity.
package podgate.ci.abandoned_builder

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some entry in data.lib.podgate.image.abandoned
	msg = sprintf("%v uses %v: %v", [pod.called(entry.container), entry.reference, entry.about])
	at := pod.pointer(entry.container, "image")
	details := {"path": at, "container": entry.container.name}
}
