package podgate.ci.mutable_image_test

import rego.v1

import data.podgate.ci.mutable_image

test_fail_no_tag if {
	expected := {
		{
			"msg": "container \"a\" uses alpine, without a tag: that is whatever is the latest",
			"details": {"container": "a", "path": "/spec/containers/0/image", "severity": "medium"},
		},
		{
			"msg": "container \"b\" uses reg:5000/x/y, without a tag: that is whatever is the latest",
			"details": {"container": "b", "path": "/spec/containers/1/image", "severity": "medium"},
		},
	}
	violations := mutable_image.violation with input as _pod({"containers": [{"name": "a", "image": "alpine"}, {"name": "b", "image": "reg:5000/x/y"}]})
	violations == expected
}

test_fail_moving_tag if {
	expected := {
		{
			"msg": "container \"a\" uses alpine:latest, a tag that moves to another image now and then",
			"details": {"container": "a", "path": "/spec/containers/0/image", "severity": "medium"},
		},
		{
			"msg": "container \"b\" uses docker:dind, a tag that moves to another image now and then",
			"details": {"container": "b", "path": "/spec/containers/1/image", "severity": "medium"},
		},
		{
			"msg": "container \"c\" uses x:Stable-3, a tag that moves to another image now and then",
			"details": {"container": "c", "path": "/spec/containers/2/image", "severity": "medium"},
		},
		{
			"msg": "container \"d\" uses jenkins/agent:3.1-latest, a tag that moves to another image now and then",
			"details": {"container": "d", "path": "/spec/containers/3/image", "severity": "medium"},
		},
		{
			"msg": "container \"e\" uses x:alpine, a tag that moves to another image now and then",
			"details": {"container": "e", "path": "/spec/containers/4/image", "severity": "medium"},
		},
	}
	violations := mutable_image.violation with input as _pod({
		"containers": [
			{"name": "a", "image": "alpine:latest"},
			{"name": "b", "image": "docker:dind"},
			{"name": "c", "image": "x:Stable-3"},
			{"name": "d", "image": "jenkins/agent:3.1-latest"},
			{"name": "e", "image": "x:alpine"},
		],
	})
	violations == expected
}

test_fail_version_is_low if {
	expected := {
		{
			"msg": "container \"a\" uses docker:27-dind, a tag without a digest, which can be given to another image",
			"details": {"container": "a", "path": "/spec/containers/0/image", "severity": "low"},
		},
		{
			"msg": concat(" ", [
				"init container \"a\" uses alpine:3.22, a tag without a digest, which can be given",
				"to another image",
			]),
			"details": {"container": "a", "path": "/spec/initContainers/0/image", "severity": "low"},
		},
	}
	violations := mutable_image.violation with input as _pod({
		"initContainers": [{"name": "a", "image": "alpine:3.22"}],
		"containers": [{"name": "a", "image": "docker:27-dind"}],
	})
	violations == expected
}

test_success_digest if {
	violations := mutable_image.violation with input as _pod({
		"containers": [
			{"name": "a", "image": "alpine@sha256:00"},
			{"name": "b", "image": "alpine:latest@sha256:00"},
			{"name": "c", "image": "docker:27-dind@sha256:00"},
		],
	})
	violations == set()
}

test_success_filled_in_later if {
	violations := mutable_image.violation with input as _pod({
		"containers": [
			{"name": "a", "image": "$(IMAGE)"},
			{"name": "b", "image": "alpine:${TAG}"},
			{"name": "c", "image": "{{ .Values.image }}"},
			{"name": "n", "image": 1},
			{"name": "o"},
		],
	})
	violations == set()
}

test_success_nulls if {
	violations := mutable_image.violation with input as _pod({"containers": null, "initContainers": [null, "x"], "volumes": null, "securityContext": null})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
