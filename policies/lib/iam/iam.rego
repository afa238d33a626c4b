# Policies of AWS IAM: which statements give away more than one purpose needs.
package lib.podgate.iam

import future.keywords.not
import rego.v1

# What is too broad in a policy, or cannot be read: a list of statements, a statement, or a document around them.
# `at` is the JSON Pointer in the policy.
broad(policy) := [found |
	some statement in _statements(policy)
	found = _judge(statement.at, statement.body)
]

# What a managed policy gives, by its ARN; undefined where AWS made it for one narrow purpose.
managed(arn) := {"severity": "high", "text": text} if {
	_by_aws(arn)
	name := _last(split(arn, "/"))
	_wide(name)
	text := sprintf("has the managed policy %v", [name])
} else := {"severity": "low", "text": text} if {
	not _by_aws(arn)
	text := sprintf("has the managed policy %v: what it gives is not known", [arn])
}

_by_aws(arn) if {
	is_string(arn)
	parts := split(arn, ":")
	parts[4] == "aws"
}

_wide(name) if {
	strings.any_suffix_match(name, ["FullAccess", "FullAccessV2", "PowerUser"])
} else if {
	strings.any_prefix_match(name, ["AdministratorAccess", "DatabaseAdministrator", "NetworkAdministrator", "PowerUserAccess", "SystemAdministrator"])
}

# A list of them; those of a document, one or several; or one by itself.
_statements(policy) := array.concat(_listed(policy), array.concat(_of_a_document(policy), _alone(policy)))

_listed(list) := [statement |
	is_array(list)
	some i, body in list
	statement := {"at": sprintf("/%v", [i]), "body": body}
]

_of_a_document(policy) := [statement |
	some entry in _entries(policy, "statement")
	some i, body in _list(entry.value)
	statement := {"at": _item(sprintf("/%v", [entry.key]), i, entry.value), "body": body}
]

_alone(policy) := [{"at": "", "body": policy} |
	is_object(policy)
	_entries(policy, "statement") == []
]

# The entries of a statement with a name in any case: kops reads them so.
_entries(body, name) := [entry |
	is_object(body)
	some key, value in body
	lower(key) == name
	entry := {"key": key, "value": value}
]

_judge(at, body) := {"severity": "medium", "at": at, "text": text} if {
	not _readable(body)
	text := "may do what is not known: this is no statement of IAM"
} else := {"severity": _severity(body), "at": place, "text": text} if {
	not _denies(body)
	found = _found(body)
	place := sprintf("%v%v", [at, found.at])
	text := sprintf("may %v%v", [found.text, _condition(body)])
}

# Whether the parts that count are texts or lists of texts.
_readable(body) if {
	is_object(body)
	wrong := [value |
		some name in ["action", "notaction", "resource", "notresource"]
		some entry in _entries(body, name)
		some value in _list(entry.value)
		not is_string(value)
	]
	wrong == []
	what := array.concat(_entries(body, "action"), _entries(body, "notaction"))
	what != []
}

_denies(body) if {
	effects := [effect | some effect in _entries(body, "effect"); lower(sprintf("%v", [effect.value])) == "deny"]
	effects != []
	count(effects) == count(_entries(body, "effect"))
}

_severity(body) := "medium" if {
	_condition(body) != ""
} else := "high"

_condition(body) := ", under a condition" if {
	conditions := [entry |
		some entry in _entries(body, "condition")
		is_object(entry.value)
		entry.value != {}
	]
	conditions != []
} else := ""

# What a statement gives too broadly, and where it says so.
_found(body) := {"at": sprintf("/%v", [others[0].key]), "text": text} if {
	others := _entries(body, "notaction")
	others != []
	_on_all(body)
	text := "do everything in AWS but what NotAction names, on every resource"
} else := {"at": actions[0].at, "text": text} if {
	actions := _broad_actions(body)
	actions != []
	_on_all(body)
	text := sprintf("%v on every resource", [concat(" and ", [action.text | some action in actions])])
} else := {"at": actions[0].at, "text": text} if {
	actions := _taking_over(body)
	actions != []
	_on_all_of_a_type(body)
	text := sprintf("call %v on every resource, and so take over other identities", [
		concat(" and ", [action.pattern | some action in actions]),
	])
}

_actions(body) := [action |
	some entry in _entries(body, "action")
	some i, pattern in _list(entry.value)
	at := _item(sprintf("/%v", [entry.key]), i, entry.value)
	action := {"at": at, "pattern": trim_space(pattern)}
]

# Where an item of a list stands, or the text in its place.
_item(at, i, value) := sprintf("%v/%v", [at, i]) if {
	is_array(value)
} else := at

_broad_actions(body) := [found |
	some action in _actions(body)
	action.pattern != ""
	text = _all_of(split(lower(action.pattern), ":"))
	found := {"at": action.at, "text": text}
]

_all_of(parts) := "do everything in AWS" if {
	trim(parts[0], "*?") == ""
} else := sprintf("do everything in %v", [parts[0]]) if {
	count(parts) == 2
	trim(parts[1], "*?") == ""
}

_taking_over(body) := [action |
	some action in _actions(body)
	names := [name | some name in _take_over; _matches(lower(action.pattern), name)]
	names != []
]

# `*` and `?` stand anywhere in the name of an action: iam:*Role is iam:PassRole, too. Pieces between two of them may
# be in any order.
_matches(pattern, name) if {
	pattern == name
} else if {
	pieces := split(replace(pattern, "?", "*"), "*")
	count(pieces) > 1
	startswith(name, pieces[0])
	endswith(name, _last(pieces))
	count([piece | some piece in pieces; not contains(name, piece)]) == 0
}

# A statement about all resources: by a wildcard, by all but some, or because it names none.
_on_all(body) if {
	_entries(body, "notresource") != []
} else if {
	_entries(body, "resource") == []
} else if {
	all := [resource | some resource in _resources(body); _any(resource)]
	all != []
}

_on_all_of_a_type(body) if {
	_on_all(body)
} else if {
	all := [resource |
		some resource in _resources(body)
		rest := _last(split(resource, ":"))
		count(split(rest, "/")) == 2
		endswith(rest, "/*")
	]
	all != []
}

_resources(body) := [trim_space(resource) |
	some entry in _entries(body, "resource")
	some resource in _list(entry.value)
]

# `*`, and ARNs whose resource is one: arn:aws:s3:::*
_any(resource) if {
	trim(resource, "*?") == ""
} else if {
	parts := split(resource, ":")
	count(parts) > 5
	trim(concat("", array.slice(parts, 5, count(parts))), "*?/") == ""
} else if {
	# arn:aws:* stands for the parts that it leaves out, too.
	parts := split(resource, ":")
	count(parts) in {2, 3, 4, 5}
	trim(_last(parts), "*?") == ""
}

# AWS takes a text where a list may stand.
_list(value) := value if {
	is_array(value)
} else := [value]

_last(parts) := parts[count(parts) - 1]

# Actions by which one identity becomes another.
_take_over := [
	"cloudformation:createstack",
	"iam:addusertogroup",
	"iam:attachgrouppolicy",
	"iam:attachrolepolicy",
	"iam:attachuserpolicy",
	"iam:createaccesskey",
	"iam:createloginprofile",
	"iam:createpolicyversion",
	"iam:passrole",
	"iam:putgrouppolicy",
	"iam:putrolepolicy",
	"iam:putuserpolicy",
	"iam:setdefaultpolicyversion",
	"iam:updateassumerolepolicy",
	"iam:updateloginprofile",
	"lambda:updatefunctioncode",
	"ssm:sendcommand",
	"ssm:startsession",
	"sts:assumerole",
]
