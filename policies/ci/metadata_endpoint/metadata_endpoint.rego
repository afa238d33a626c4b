# METADATA
# title: Metadata service of the cloud
# description: >-
#   Finds the metadata services of clouds in the environment, command, arguments and host aliases of
#   a pod, in every spelling of their addresses. With hostNetwork it is high.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
#     description: AWS, instance metadata
#   - ref: https://cloud.google.com/compute/docs/metadata/overview
#     description: Google Cloud, VM metadata
#   - ref: https://kubernetes.io/docs/concepts/services-networking/network-policies/
#     description: Kubernetes, network policies
# custom:
#   id: CI607
#   severity: medium
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline asks the metadata service for the node's credentials, and acts
#     in the cloud as the node.
#   help: >-
#     Give the pod an identity of its own, and block the metadata service for pods by a
#     NetworkPolicy and by the hop limit of the node.
package podgate.ci.metadata_endpoint

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.endpoint.metadata
	msg := found.text
	details := found.details
}
