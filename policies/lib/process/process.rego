# Pods whose containers see each other's processes.
package lib.podgate.process

import data.lib.podgate.pod

import rego.v1

# One entry for a pod that says so, with what a neighbour can lose by it.
shared := [entry |
	value = data.lib.podgate.pod.spec.shareProcessNamespace
	value != false
	pod.truthy(value)
	entry := _loss
]

_loss := {"severity": "high", "text": text} if {
	count(data.lib.podgate.pod.containers) > 1
	count(data.lib.podgate.pod.privileged) > 0
	text := sprintf("and %v is privileged", [pod.called(data.lib.podgate.pod.privileged[0])])
} else := {"severity": "high", "text": "and the pod holds a token for the cloud"} if {
	count(_tokens) > 0
} else := {"severity": "medium", "text": "and files, by /proc/PID/root"}

# Cloud tokens as pods carry them: projected for the cloud's own audience, or named by the cloud's variables.
_tokens := array.concat(
	[source |
		some volume in data.lib.podgate.pod.volumes
		is_array(volume.body.projected.sources)
		some source in volume.body.projected.sources
		is_string(source.serviceAccountToken.audience)
		strings.any_suffix_match(trim_right(lower(source.serviceAccountToken.audience), "/"), _audiences)
	],
	[variable |
		some container in data.lib.podgate.pod.containers
		is_array(container.spec.env)
		some variable in container.spec.env
		variable.name in _variables
	],
)

_audiences := [
	"amazonaws.com",
	"amazonaws.com.cn",
	"azureadtokenexchange",
	"googleapis.com",
	"pods.eks.amazonaws.com",
	".svc.id.goog",
]

_variables := {
	"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
	"AWS_SECRET_ACCESS_KEY",
	"AWS_SESSION_TOKEN",
	"AWS_WEB_IDENTITY_TOKEN_FILE",
	"AZURE_CLIENT_SECRET",
	"AZURE_FEDERATED_TOKEN_FILE",
	"GOOGLE_APPLICATION_CREDENTIALS",
}
