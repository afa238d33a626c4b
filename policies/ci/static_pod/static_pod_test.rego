package podgate.ci.static_pod_test

import rego.v1

import data.podgate.ci.static_pod

test_fail_b28_mirror if {
	expected := {
		{
			"details": {"path": "/metadata/annotations/kubernetes.io~1config.mirror"},
			"msg": concat(" ", [
				"the annotation kubernetes.io/config.mirror is the mark of the picture of a",
				"pod that the kubelet started by itself: no admission control judges such",
				"pods",
			]),
		},
	}
	violations := static_pod.violation with input as _review(
		{
			"annotations": {"kubernetes.io/config.mirror": "0123"},
		},
		{"containers": [{"name": "build"}]},
	)
	violations == expected
}

test_fail_b28_hash if {
	expected := {
		{
			"details": {"path": "/metadata/annotations/kubernetes.io~1config.hash"},
			"msg": concat(" ", [
				"the annotation kubernetes.io/config.hash is the kubelet's mark of a pod",
				"that it started by itself: no admission control judges such pods",
			]),
		},
	}
	violations := static_pod.violation with input as _review(
		{
			"annotations": {"kubernetes.io/config.hash": "0123"},
		},
		{"containers": [{"name": "build"}]},
	)
	violations == expected
}

test_fail_b28_source if {
	expected := {
		{
			"details": {"path": "/metadata/annotations/kubernetes.io~1config.source"},
			"msg": concat(" ", [
				"the annotation kubernetes.io/config.source is the mark of a pod that does",
				"not come from the API server: no admission control judges such pods",
			]),
		},
	}
	violations := static_pod.violation with input as _review(
		{
			"annotations": {"kubernetes.io/config.source": "file"},
		},
		{"containers": [{"name": "build"}]},
	)
	violations == expected
}

test_fail_b28_told_once if {
	expected := {
		{
			"details": {"path": "/metadata/annotations/kubernetes.io~1config.hash"},
			"msg": concat(" ", [
				"the annotation kubernetes.io/config.hash is the kubelet's mark of a pod",
				"that it started by itself: no admission control judges such pods",
			]),
		},
	}
	violations := static_pod.violation with input as _review(
		{
			"annotations": {
				"kubernetes.io/config.mirror": "0123",
				"kubernetes.io/config.hash": "0123",
				"kubernetes.io/config.source": "file",
			},
		},
		{"containers": [{"name": "build"}]},
	)
	violations == expected
}

test_success_from_the_server if {
	violations := static_pod.violation with input as _review(
		{
			"annotations": {
				"kubernetes.io/config.source": "api",
				"kubernetes.io/config.seen": "2026-01-01T00:00:00Z",
			},
		},
		{"containers": [{"name": "build"}]},
	)
	violations == set()
}

test_success_null if {
	violations := static_pod.violation with input as _review({"annotations": null}, {"containers": [{"name": "build"}]})
	violations == set()
}

test_success_no_pod if {
	violations := static_pod.violation with input as {
		"apiVersion": "v1",
		"kind": "ConfigMap",
		"metadata": {"name": "x", "annotations": {"kubernetes.io/config.mirror": "1"}},
	}
	violations == set()
}

_review(metadata, spec) := {"review": {
	"object": {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec},
	"namespace": "ci",
}}
