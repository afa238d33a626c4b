package podgate.ci.namespace_iam_open_test

import rego.v1

import data.podgate.ci.namespace_iam_open

test_fail_permitted_anything if {
	expected := {{"details": {"path": "/metadata/annotations/iam.amazonaws.com~1permitted", "severity": "high"}, "msg": "\"iam.amazonaws.com/permitted\" is \".*\", which fits every role: pods here take the one that they choose"}}
	violations := namespace_iam_open.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci", "annotations": {"iam.amazonaws.com/permitted": ".*"}}}}}
	violations == expected
}

test_fail_permitted_anything_anchored if {
	expected := {{"details": {"path": "/metadata/annotations/iam.amazonaws.com~1permitted", "severity": "high"}, "msg": "\"iam.amazonaws.com/permitted\" is \"^(.+)$\", which fits every role: pods here take the one that they choose"}}
	violations := namespace_iam_open.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci", "annotations": {"iam.amazonaws.com/permitted": "^(.+)$"}}}}}
	violations == expected
}

test_fail_permitted_one_of_several if {
	expected := {{"details": {"path": "/metadata/annotations/iam.amazonaws.com~1permitted", "severity": "high"}, "msg": "\"iam.amazonaws.com/permitted\" is \"build|arn:aws:iam::123456789012:role/.*\", which fits every role: pods here take the one that they choose"}}
	violations := namespace_iam_open.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci", "annotations": {"iam.amazonaws.com/permitted": "build|arn:aws:iam::123456789012:role/.*"}}}}}
	violations == expected
}

test_fail_permitted_classes if {
	expected := {{"details": {"path": "/metadata/annotations/iam.amazonaws.com~1permitted", "severity": "high"}, "msg": "\"iam.amazonaws.com/permitted\" is \"\\S+\", which fits every role: pods here take the one that they choose"}}
	violations := namespace_iam_open.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci", "annotations": {"iam.amazonaws.com/permitted": "\\S+"}}}}}
	violations == expected
}

test_fail_permitted_not_slash if {
	expected := {{"details": {"path": "/metadata/annotations/iam.amazonaws.com~1permitted", "severity": "high"}, "msg": "\"iam.amazonaws.com/permitted\" is \"arn:aws:iam::.*:role/[^/]+\", which fits every role: pods here take the one that they choose"}}
	violations := namespace_iam_open.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci", "annotations": {"iam.amazonaws.com/permitted": "arn:aws:iam::.*:role/[^/]+"}}}}}
	violations == expected
}

test_fail_allowed_star if {
	expected := {{"details": {"path": "/metadata/annotations/iam.amazonaws.com~1allowed-roles/1", "severity": "high"}, "msg": "\"iam.amazonaws.com/allowed-roles\" has \"*\", which fits every role: pods here take the one that they choose"}}
	violations := namespace_iam_open.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci", "annotations": {"iam.amazonaws.com/allowed-roles": "[\"build\", \"*\"]"}}}}}
	violations == expected
}

test_fail_allowed_arns if {
	expected := {
		{"details": {"path": "/metadata/annotations/iam.amazonaws.com~1allowed-roles/0", "severity": "high"}, "msg": "\"iam.amazonaws.com/allowed-roles\" has \"arn:aws:iam::123456789012:role/*\", which fits every role: pods here take the one that they choose"},
		{"details": {"path": "/metadata/annotations/iam.amazonaws.com~1allowed-roles/1", "severity": "high"}, "msg": "\"iam.amazonaws.com/allowed-roles\" has \"arn:*\", which fits every role: pods here take the one that they choose"},
	}
	violations := namespace_iam_open.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci", "annotations": {"iam.amazonaws.com/allowed-roles": "[\"arn:aws:iam::123456789012:role/*\", \"arn:*\", 7]"}}}}}
	violations == expected
}

test_fail_allowed_no_json if {
	expected := {{"details": {"path": "/metadata/annotations/iam.amazonaws.com~1allowed-roles", "severity": "low"}, "msg": "\"iam.amazonaws.com/allowed-roles\" is no list in JSON, so kube2iam does not read it"}}
	violations := namespace_iam_open.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci", "annotations": {"iam.amazonaws.com/allowed-roles": "build, *"}}}}}
	violations == expected
}

test_fail_allowed_no_list if {
	expected := {{"details": {"path": "/metadata/annotations/iam.amazonaws.com~1allowed-roles", "severity": "low"}, "msg": "\"iam.amazonaws.com/allowed-roles\" is no list in JSON, so kube2iam does not read it"}}
	violations := namespace_iam_open.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci", "annotations": {"iam.amazonaws.com/allowed-roles": "\"*\""}}}}}
	violations == expected
}

test_fail_nothing_said_where_roles_are_given if {
	expected := {{"details": {"path": "/metadata", "severity": "medium"}, "msg": "no annotation says which roles the pods here may take"}}
	violations := namespace_iam_open.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci"}}}, "parameters": {"rolesByAnnotation": true}}
	violations == expected
}

test_fail_other_annotations_only if {
	expected := {{"details": {"path": "/metadata", "severity": "medium"}, "msg": "no annotation says which roles the pods here may take"}}
	violations := namespace_iam_open.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci", "annotations": {"a": "b"}}}}, "parameters": {"rolesByAnnotation": true}}
	violations == expected
}

test_fail_bare_object if {
	expected := {{"details": {"path": "/metadata/annotations/iam.amazonaws.com~1permitted", "severity": "high"}, "msg": "\"iam.amazonaws.com/permitted\" is \".*\", which fits every role: pods here take the one that they choose"}}
	violations := namespace_iam_open.violation with input as {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci", "annotations": {"iam.amazonaws.com/permitted": ".*"}}}
	violations == expected
}

test_success_names if {
	violations := namespace_iam_open.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci", "annotations": {"iam.amazonaws.com/permitted": "build-.*", "iam.amazonaws.com/allowed-roles": "[\"build\", \"team/*\", \"arn:aws:iam::123456789012:role/team/*\"]"}}}}, "parameters": {"rolesByAnnotation": true}}
	violations == set()
}

test_success_nothing_said if {
	violations := namespace_iam_open.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci"}}}}
	violations == set()
}

test_success_empty if {
	violations := namespace_iam_open.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci", "annotations": {"iam.amazonaws.com/permitted": "", "iam.amazonaws.com/allowed-roles": " "}}}}}
	violations == set()
}

test_success_a_part if {
	violations := namespace_iam_open.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci"}}}, "parameters": {"rolesByAnnotation": true}, "partial": true}
	violations == set()
}

test_success_no_namespace if {
	violations := namespace_iam_open.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "metadata": {"annotations": {"iam.amazonaws.com/permitted": ".*"}}}}}
	violations == set()
}

test_success_garbage if {
	violations := namespace_iam_open.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci", "annotations": {"iam.amazonaws.com/permitted": 7, "iam.amazonaws.com/allowed-roles": null}}}}}
	violations == set()
}

test_success_nulls if {
	violations := namespace_iam_open.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": null}}}
	violations == set()
}
