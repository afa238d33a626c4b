package podgate.ci.pod_iam_role_annotation_test

import rego.v1

import data.podgate.ci.pod_iam_role_annotation

test_fail_role if {
	expected := {
		{
			"details": {"path": "/metadata/annotations/iam.amazonaws.com~1role"},
			"msg": concat(" ", [
				"the pod asks for the AWS role ci-push by an annotation: whoever writes",
				"pods chooses the role, among all that the node may assume",
			]),
		},
	}
	violations := pod_iam_role_annotation.violation with input as _review(
		{
			"annotations": {"iam.amazonaws.com/role": "ci-push"},
		},
		{"containers": [{"name": "build"}]},
	)
	violations == expected
}

test_fail_external_id if {
	expected := {
		{
			"details": {"path": "/metadata/annotations/iam.amazonaws.com~1role"},
			"msg": concat(" ", [
				"the pod asks for the AWS role arn:aws:iam::111122223333:role/ci with the",
				"external id blue by an annotation: whoever writes pods chooses the role,",
				"among all that the node may assume",
			]),
		},
	}
	violations := pod_iam_role_annotation.violation with input as _review(
		{
			"annotations": {
				"iam.amazonaws.com/role": "arn:aws:iam::111122223333:role/ci",
				"iam.amazonaws.com/external-id": "blue",
			},
		},
		{"containers": [{"name": "build"}]},
	)
	violations == expected
}

test_success_none if {
	violations := pod_iam_role_annotation.violation with input as _review(
		{
			"annotations": {"iam.amazonaws.com/external-id": "blue", "iam.amazonaws.com/role": ""},
		},
		{"containers": [{"name": "build"}]},
	)
	violations == set()
}

test_success_null if {
	violations := pod_iam_role_annotation.violation with input as _review({"annotations": null}, {"containers": [{"name": "build"}]})
	violations == set()
}

test_success_no_pod if {
	violations := pod_iam_role_annotation.violation with input as {
		"apiVersion": "v1",
		"kind": "Namespace",
		"metadata": {"name": "ci", "annotations": {"iam.amazonaws.com/role": "ci"}},
	}
	violations == set()
}

_review(metadata, spec) := {"review": {
	"object": {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec},
	"namespace": "ci",
}}
