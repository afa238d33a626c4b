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
	strings.any_prefix_match(name, ["AdministratorAccess", "DatabaseAdministrator", "NetworkAdministrator", "PowerUserAccess", "SecretsManagerReadWrite", "SystemAdministrator"])
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
} else := {"at": sprintf("/%v", [others[0].key]), "text": text} if {
	others := _entries(body, "notaction")
	others != []
	_left(body) != []
	text := "do everything but what NotAction names on every resource of a type, and so take over other identities"
}

_actions(body) := _patterns(body, "action")

_patterns(body, name) := [action |
	some entry in _entries(body, name)
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
	_reached(action.pattern) != []
]

# What NotAction leaves of the actions that take over, where their resource is every one of a type.
_left(body) := [name |
	refused := {taken | some action in _patterns(body, "notaction"); some taken in _reached(action.pattern)}
	some resource in _resources(body)
	_of_a_type(resource)
	some service in _services_on(resource)
	some name in _take_over_names
	startswith(name, sprintf(" %v:", [service]))
	not name in refused
]

# Services whose actions take over what a resource stands for. What names no service may be of any.
_services_on(resource) := ["cloudformation", "iam", "lambda", "ssm", "sts"] if {
	parts := split(resource, ":")
	not _names_a_service(parts)
} else := object.get(_services_by_resource, lower(split(resource, ":")[2]), [])

_names_a_service(parts) if {
	count(parts) > 5
	not contains(parts[2], "*")
	not contains(parts[2], "?")
}

_services_by_resource := {
	"cloudformation": ["cloudformation"],
	"ec2": ["ssm"],
	"iam": ["iam", "sts"],
	"lambda": ["lambda"],
	"ssm": ["ssm"],
}

# The actions that take over which a pattern matches, in any case: `*` stands for any characters, `?` for one. Their
# names are of letters and a colon. A pattern with more characters than the longest of them matches none, so what is
# compiled is short.
_reached(pattern) := regex.find_n(expression, _take_over_text, -1) if {
	text := lower(pattern)
	text != ""
	trim(text, "abcdefghijklmnopqrstuvwxyz:*?") == ""
	count(replace(text, "*", "")) <= 40
	one := replace(regex.replace(text, "[*]+", "*"), "?", "[a-z:]")
	expression := sprintf(" %v ", [replace(one, "*", "[a-z:]*")])
} else := []

# Each name between two spaces of its own.
_take_over_names := [sprintf(" %v ", [name]) | some name in _take_over]

_take_over_text := concat("", _take_over_names)

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
	all := [resource | some resource in _resources(body); _of_a_type(resource)]
	all != []
}

# `type/*`, and no more before the wildcard.
_of_a_type(resource) if {
	parts := split(_last(split(resource, ":")), "/")
	count(parts) == 2
	parts[1] != ""
	trim(parts[1], "*?") == ""
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
