# As whom a pod speaks: its service account, the tokens in it, and the cloud identities that come with it.
package lib.podgate.identity

import future.keywords.not
import rego.v1

# The name of the service account; the old field counts where the new one is empty.
account := data.lib.podgate.pod.spec.serviceAccountName if {
	is_string(data.lib.podgate.pod.spec.serviceAccountName)
	data.lib.podgate.pod.spec.serviceAccountName != ""
} else := data.lib.podgate.pod.spec.serviceAccount if {
	is_string(data.lib.podgate.pod.spec.serviceAccount)
	data.lib.podgate.pod.spec.serviceAccount != ""
} else := "default"

# Every way in which a token of the service account gets into the pod.
tokens := array.concat(
	[token | token = _mounted; token != null],
	[token |
		some source in projected
		token := _projected(source)
	],
)

# Tokens that projected volumes ask for. The volume that the API server adds to every pod with a token is that token, and
# is known by all of its parts: its name alone is the author's to choose.
projected := [source |
	some listed in data.lib.podgate.pod.volumes
	volume := listed.body
	is_array(volume.projected.sources)
	some j, part in volume.projected.sources
	is_object(part.serviceAccountToken)
	not _added_by_the_server(volume)
	source := {
		"at": sprintf("/spec/volumes/%v/projected/sources/%v/serviceAccountToken", [listed.index, j]),
		"volume": object.get(volume, "name", ""),
		"audience": object.get(part.serviceAccountToken, "audience", ""),
		"seconds": object.get(part.serviceAccountToken, "expirationSeconds", 3600),
	}
]

# The account that a pod has when it names none, where a token for it is in the pod.
default_accounts := [found |
	account == "default"
	_speaks
	details = _account_details
	found := {"details": details}
]

# Roles that kube2iam or kiam are asked to hand to the pod.
roles := [role |
	is_array(data.lib.podgate.pod.spec.containers)
	name = data.lib.podgate.pod.resource.metadata.annotations["iam.amazonaws.com/role"]
	name != ""
	external := object.get(data.lib.podgate.pod.resource.metadata.annotations, "iam.amazonaws.com/external-id", "")
	role := {"name": name, "note": _external(external)}
]

# What the pod is in a cloud, as far as labels and the service account say.
clouds := [cloud |
	some found in array.concat(_of_account, array.concat(_of_label, _unknown))
	judged := _judged(found)
	cloud := {
		"text": sprintf("%v%v", [found.text, judged.note]),
		"details": object.union(found.details, {"severity": judged.severity}),
	}
]

_mounted := found if {
	value = data.lib.podgate.pod.spec.automountServiceAccountToken
	value != false
	data.lib.podgate.pod.truthy(value)
	at := "/spec/automountServiceAccountToken"
	found := {
		"text": sprintf(`the pod mounts a token of service account "%v" into every container%v`, [account, _use]),
		"details": {
			"path": at,
			"severity": "medium",
			"fix": [{"op": "replace", "path": at, "value": false}],
		},
	}
} else := null if {
	data.lib.podgate.pod.spec.automountServiceAccountToken == false
} else := null if {
	not _whole
} else := null if {
	_object.automountServiceAccountToken == false
} else := {
	"text": sprintf(
		`service account "%v" mounts its token into every container of the pod, which does not refuse it%v`,
		[account, _use],
	),
	"details": object.union(_missing, {"severity": "medium"}),
} if {
	_object.automountServiceAccountToken == true
} else := {
	"text": sprintf(
		`every container gets a token of service account "%v", since neither the pod nor the account refuses it%v`,
		[account, _use],
	),
	"details": object.union(_missing, {"severity": "low"}),
} if {
	_object
} else := {
	"text": sprintf(
		`every container gets a token of service account "%v", unless that account, which is not among the %v`,
		[account, "objects given, refuses it"],
	),
	"details": object.union(_missing, {"severity": "low"}),
}

_use := ": any build step can call the Kubernetes API with it"

_missing := {
	"path": "/spec",
	"at": "key",
	"fix": [{"op": "add", "path": "/spec/automountServiceAccountToken", "value": false}],
}

_projected(source) := {
	"text": sprintf(
		`volume "%v" puts a token of service account "%v" for the Kubernetes API into the pod`,
		[source.volume, account],
	),
	"details": {"path": source.at, "severity": "medium"},
} if {
	_for_kubernetes(source.audience)
} else := {
	"text": sprintf(
		`volume "%v" puts a token into the pod with which service account "%v" proves itself to %v`,
		[source.volume, account, source.audience],
	),
	"details": {"path": source.at, "severity": "low"},
}

_for_kubernetes(audience) if {
	audience == ""
} else if {
	is_string(audience)
	contains(audience, "kubernetes.default")
}

_added_by_the_server(volume) if {
	is_string(volume.name)
	startswith(volume.name, "kube-api-access-")
	_automatic
	parts := [part | some source in volume.projected.sources; part = _servers_part(source)]
	count(parts) == count(volume.projected.sources)
	sort(parts) in [["account", "namespace", "token"], ["account", "namespace", "service", "token"]]
}

# What a part of the volume is to the API server, which always writes the same parts; OpenShift adds one more.
_servers_part(source) := "token" if {
	object.keys(source) == {"serviceAccountToken"}
	source.serviceAccountToken.path == "token"
	object.get(source.serviceAccountToken, "audience", "") in {"", null}
	object.get(source.serviceAccountToken, "expirationSeconds", 3600) <= 3607
} else := "account" if {
	source.configMap.name == "kube-root-ca.crt"
} else := "service" if {
	source.configMap.name == "openshift-service-ca.crt"
} else := "namespace" if {
	count(source.downwardAPI.items) == 1
	source.downwardAPI.items[0].path == "namespace"
	source.downwardAPI.items[0].fieldRef.fieldPath == "metadata.namespace"
}

_automatic if {
	data.lib.podgate.pod.spec.automountServiceAccountToken == true
} else if {
	not data.lib.podgate.pod.spec.automountServiceAccountToken == false
	not _object.automountServiceAccountToken == false
}

# Whether all of the pod is known, so that what it lacks says something.
_whole if {
	not data.lib.podgate.pod.partial
	count(data.lib.podgate.pod.containers) > 0
}

_speaks if {
	count(tokens) > 0
} else if {
	data.lib.podgate.pod.partial
	not data.lib.podgate.pod.spec.automountServiceAccountToken == false
}

# The service account, where it is among the objects given.
_object := found if {
	found = data.inventory.namespace[data.lib.podgate.pod.namespace].v1.ServiceAccount[account]
	is_object(found)
}

# Where the account is named, or would be.
_account_details := {"path": "/spec/serviceAccountName"} if {
	data.lib.podgate.pod.spec.serviceAccountName == account
} else := {"path": "/spec/serviceAccount"} if {
	data.lib.podgate.pod.spec.serviceAccount == account
} else := {"path": "/spec", "at": "key"} if {
	_whole
}

_external(id) := "" if {
	id == ""
} else := sprintf(" with the external id %v", [id])

_of_account := [found |
	annotations = _object.metadata.annotations
	some name, kind in _cloud_annotations
	value = annotations[name]
	value != ""
	details = _account_details
	text := sprintf(`service account "%v" is %v %v`, [account, kind, value])
	found := {"text": text, "details": details, "known": true}
]

_of_label := [found |
	is_array(data.lib.podgate.pod.spec.containers)
	value = data.lib.podgate.pod.resource.metadata.labels["azure.workload.identity/use"]
	data.lib.podgate.pod.truthy(value)
	found := {
		"text": sprintf(`the label lets service account "%v" log in to Azure`, [account]),
		"details": {"path": "/metadata/labels/azure.workload.identity~1use"},
		"known": true,
	}
]

# Only where it matters most: an ordinary pod is not worse for an identity.
_unknown := [found |
	account != "default"
	not _object
	_danger
	details = _account_details
	text := sprintf(`whether service account "%v" is an identity in a cloud cannot be told: it is not among the objects given`, [account])
	found := {"text": text, "details": details, "known": false}
]

_judged(found) := {"severity": "high", "note": note} if {
	found.known
	danger = _danger
	note := sprintf(", and the pod can take the node over with all the identities there: %v", [danger])
} else := {"severity": "info", "note": ""}

# Why a build in the pod can leave it; undefined where nothing is known of that.
_danger := "a container is privileged" if {
	count(data.lib.podgate.pod.privileged) > 0
} else := "it mounts what gives the node away" if {
	count([entry |
		some entry in data.lib.podgate.volume.host_paths
		entry.details.severity in {"critical", "high"}
	]) > 0
} else := "a container adds a capability of root on the node" if {
	count([added | some added in data.lib.podgate.pod.capabilities; added.name in _capabilities]) > 0
}

_capabilities := {
	"ALL",
	"BPF",
	"DAC_READ_SEARCH",
	"MAC_ADMIN",
	"NET_ADMIN",
	"PERFMON",
	"SYS_ADMIN",
	"SYS_BOOT",
	"SYS_MODULE",
	"SYS_PTRACE",
	"SYS_RAWIO",
	"SYS_TIME",
}

_cloud_annotations := {
	"azure.workload.identity/client-id": "the Azure application",
	"eks.amazonaws.com/role-arn": "the AWS role",
	"iam.gke.io/gcp-service-account": "the Google Cloud account",
}
