# METADATA
# title: Registry not allowed
# description: >-
#   Finds images from registries outside the list in the parameter registries. Without that parameter it finds
#   nothing.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/containers/images/
#     description: Kubernetes, images
#   - ref: https://github.com/distribution/reference
#     description: Grammar of image references
# custom:
#   id: CI506
#   severity: medium
#   profiles: [ci]
#   since: 0.1.0
#   parameters:
#     type: object
#     properties:
#       registries:
#         description: >-
#           Registries, or repositories in them, that images may come from: registry.example.com,
#           registry.example.com/ci or docker.io/library.
#         type: array
#         minItems: 1
#         items:
#           type: string
#           minLength: 1
#   attack: >-
#     Whoever edits the pipeline runs an image of their own choosing next to the secrets of the build.
#   help: >-
#     Take images from an allowed registry, or have the registry added to the parameter registries.
package podgate.ci.registry_not_allowed

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.image.foreign
	msg = sprintf("%v uses %v, %v", [pod.called(found.container), found.reference, _reasons[found.resolved]])
	at := pod.pointer(found.container, "image")
	details := {"path": at, "container": found.container.name}
}

_reasons := {
	"no": "whose registry is not known before something fills it in",
	"yes": "which is not from an allowed registry",
}
