# METADATA
# title: Image that may change
# description: >-
#   Finds images without a tag, with a tag that moves (latest, stable, dind), and, as low, with a version but
#   without a digest.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/containers/images/
#     description: Kubernetes, images
# custom:
#   id: CI505
#   severity: medium
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever may push to the repository, or takes it over, changes what the next build runs, without a change to
#     any file that is reviewed.
#   help: >-
#     Name the image by its digest: image:1.2.3@sha256:….
package podgate.ci.mutable_image

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some image in data.lib.podgate.image.mutable
	about := _kinds[image.kind]
	msg = sprintf("%v uses %v, %v", [pod.called(image.container), image.reference, about.text])
	at := sprintf("/spec/%v/%v/image", [image.container.list, image.container.index])
	details := {"path": at, "container": image.container.name, "severity": about.severity}
}

_kinds := {
	"moving": {"severity": "medium", "text": "a tag that moves to another image now and then"},
	"none": {"severity": "medium", "text": "without a tag: that is whatever is the latest"},
	"version": {"severity": "low", "text": "a tag without a digest, which can be given to another image"},
}
