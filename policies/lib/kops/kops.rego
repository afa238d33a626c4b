# What kops gives the nodes of a cluster, and so every pod that reaches their metadata service.
package lib.podgate.kops

import data.lib.podgate.iam

import future.keywords.not
import rego.v1

# Settings by which pods reach the credentials of their node.
metadata_service := [gap |
	options = _options
	some gap in array.concat(_tokens(options), _hops(options))
]

# What the nodes, or service accounts, may do in AWS that is more than one purpose needs, or that is not known.
grants := array.concat(
	array.concat(_statements, _unread),
	array.concat(array.concat(_managed, _profile), _legacy),
)

_spec := data.lib.podgate.pod.spec if {
	data.lib.podgate.pod.resource.kind in {"Cluster", "InstanceGroup"}
	is_string(data.lib.podgate.pod.resource.apiVersion)
	strings.any_prefix_match(data.lib.podgate.pod.resource.apiVersion, ["kops/", "kops.k8s.io/"])
}

_options := _spec.instanceMetadata if {
	is_object(_spec.instanceMetadata)
} else := {} if {
	# Nodes of other clouds have no such service, and a bastion runs no pods.
	data.lib.podgate.pod.resource.kind == "InstanceGroup"
	is_object(_spec)
	object.get(_spec, "role", "Node") != "Bastion"
	not _other_cloud
}

# Machine types of AWS have a dot: t3.large.
_other_cloud if {
	is_string(_spec.machineType)
	not contains(_spec.machineType, ".")
}

_tokens(options) := [] if {
	options.httpTokens == "required"
} else := [{"text": text, "details": {"path": "/spec/instanceMetadata/httpTokens", "severity": "medium"}}] if {
	not object.get(options, "httpTokens", null) == null
	text := sprintf(
		`httpTokens is "%v": one plain request from any pod gets the credentials of the node`,
		[options.httpTokens],
	)
} else := [{"text": text, "details": {"path": "/spec/instanceMetadata", "severity": "low"}}] if {
	data.lib.podgate.pod.resource.kind == "InstanceGroup"
	not data.lib.podgate.pod.partial
	text := "httpTokens is not set: only from Kubernetes 1.27 on does kops require tokens by itself"
} else := []

_hops(options) := [{"text": text, "details": {"path": path, "severity": "medium"}}] if {
	not object.get(options, "httpPutResponseHopLimit", 1) in {null, 1, "1"}
	path := "/spec/instanceMetadata/httpPutResponseHopLimit"
	text := sprintf(
		"httpPutResponseHopLimit is %v: the answer with the token reaches pods that are not on the host's network",
		[options.httpPutResponseHopLimit],
	)
} else := []

# The IAM policies that are written into the cluster, each a text in JSON.
_policies := array.concat(
	[policy |
		is_object(_spec.additionalPolicies)
		some role, value in _spec.additionalPolicies
		at := sprintf("/spec/additionalPolicies/%v", [replace(replace(role, "~", "~0"), "/", "~1")])
		policy := {"at": at, "who": _holder(role), "value": value}
	],
	[policy |
		some account in _accounts
		value = account.aws.inlinePolicy
		at := sprintf("%v/inlinePolicy", [account.at])
		policy := {"at": at, "who": account.who, "value": value}
	],
)

_holder(role) := sprintf(`every pod on a node with the role "%v"`, [role]) if {
	role != "bastion"
} else := "whoever is on the bastion"

_accounts := [account |
	is_array(_spec.iam.serviceAccountExternalPermissions)
	some i, given in _spec.iam.serviceAccountExternalPermissions
	is_object(given.aws)
	who := sprintf(`service account "%v/%v"`, [object.get(given, "namespace", ""), object.get(given, "name", "")])
	account := {"at": sprintf("/spec/iam/serviceAccountExternalPermissions/%v/aws", [i]), "who": who, "aws": given.aws}
]

_parsed := [policy |
	some written in _policies
	document = _document(written.value)
	policy := {"at": written.at, "who": written.who, "document": document}
]

# A text is read; a list that should have been a text is taken as what it was meant to be.
_document(value) := document if {
	is_string(value)
	json.is_valid(value)
	document = json.unmarshal(value)
	type_name(document) in {"array", "object"}
} else := value if {
	is_array(value)
}

_statements := [grant |
	some policy in _parsed
	some found in iam.broad(policy.document)
	text := sprintf("%v %v", [policy.who, found.text])
	at := sprintf("%v%v", [policy.at, found.at])
	grant := {"text": text, "details": {"path": at, "severity": found.severity}}
]

_unread := [grant |
	some policy in _policies
	not policy.value in {null, ""}
	not _document(policy.value)
	reasons := [reason |
		some note in data.lib.podgate.notes.unread
		endswith(note.pointer, policy.at)
		reason := sprintf(" (%v)", [note.reason])
	]
	text := sprintf("what %v may do is not known: the policy is no list of statements in JSON%v", [
		policy.who,
		concat("", reasons),
	])

	# Behind the text itself: a reader of texts in texts finds the place of the mistake there.
	at := sprintf("%v/0", [policy.at])
	grant := {"text": text, "details": {"path": at, "severity": "medium"}}
]

_attached := array.concat(
	[attached |
		is_object(_spec.externalPolicies)
		some role, list in _spec.externalPolicies
		is_array(list)
		some i, arn in list
		at := sprintf("/spec/externalPolicies/%v/%v", [replace(replace(role, "~", "~0"), "/", "~1"), i])
		attached := {"at": at, "who": _holder(role), "arn": arn}
	],
	[attached |
		some account in _accounts
		is_array(account.aws.policyARNs)
		some i, arn in account.aws.policyARNs
		attached := {"at": sprintf("%v/policyARNs/%v", [account.at, i]), "who": account.who, "arn": arn}
	],
)

_managed := [grant |
	some attached in _attached
	found = iam.managed(attached.arn)
	text := sprintf("%v %v", [attached.who, found.text])
	grant := {"text": text, "details": {"path": attached.at, "severity": found.severity}}
]

_profile := [grant |
	profile = _spec.iam.profile
	is_string(profile)
	text := sprintf("what every pod on these nodes may do is not known: they have the instance profile %v", [profile])
	grant := {"text": text, "details": {"path": "/spec/iam/profile", "severity": "low"}}
]

_legacy := [grant |
	_spec.iam.legacy == true
	text := "every pod on a node has the wide rights that kops once gave all nodes: legacy is true"
	grant := {"text": text, "details": {"path": "/spec/iam/legacy", "severity": "high"}}
]
