# METADATA
# title: Node credentials within reach of pods
# description: >-
#   Finds kops settings by which pods reach the metadata service of their node: httpTokens other than required, and
#   a hop limit above 1.
# related_resources:
#   - ref: https://kops.sigs.k8s.io/instance_groups/#instancemetadata
#     description: kops, instance metadata
#   - ref: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
#     description: AWS, the instance metadata service
# custom:
#   id: CI608
#   severity: medium
#   profiles: [ci]
#   since: 0.1.0
#   kinds: [Cluster, InstanceGroup]
#   attack: >-
#     Whoever edits the pipeline asks 169.254.169.254 from a build step and gets the AWS credentials of the node.
#   help: >-
#     Set spec.instanceMetadata to httpTokens: required and httpPutResponseHopLimit: 1, and give pods that need AWS a
#     role of their own.
package podgate.ci.imds_reachable

import rego.v1

violation contains {"msg": msg, "details": details} if {
	some found in data.lib.podgate.kops.metadata_service
	msg := found.text
	details := found.details
}
