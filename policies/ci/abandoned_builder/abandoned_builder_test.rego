package podgate.ci.abandoned_builder_test

import rego.v1

import data.podgate.ci.abandoned_builder

test_fail if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"a\" uses gcr.io/kaniko-project/executor:v1.23.2-debug: Kaniko was",
				"archived in June 2025: use a fork that is maintained (osscontainertools/kaniko,",
				"chainguard-forks/kaniko), rootless BuildKit or Buildah",
			]),
			"details": {"container": "a", "path": "/spec/containers/0/image"},
		},
		{
			"msg": concat(" ", [
				"container \"b\" uses reg:5000/mirror/kaniko-project/warmer@sha256:00: Kaniko was",
				"archived in June 2025: use a fork that is maintained (osscontainertools/kaniko,",
				"chainguard-forks/kaniko), rootless BuildKit or Buildah",
			]),
			"details": {"container": "b", "path": "/spec/containers/1/image"},
		},
		{
			"msg": concat(" ", [
				"container \"c\" uses r.j3ss.co/img:v0.5.11: img is no longer developed: use",
				"rootless BuildKit or Buildah",
			]),
			"details": {"container": "c", "path": "/spec/containers/2/image"},
		},
		{
			"msg": concat(" ", [
				"container \"d\" uses genuinetools/img:v0.5.11: img is no longer developed: use",
				"rootless BuildKit or Buildah",
			]),
			"details": {"container": "d", "path": "/spec/containers/3/image"},
		},
		{
			"msg": concat(" ", [
				"container \"e\" uses quay.io/uswitch/kiam:v4.2: kiam is no longer developed: use",
				"IRSA or EKS Pod Identity",
			]),
			"details": {"container": "e", "path": "/spec/containers/4/image"},
		},
		{
			"msg": concat(" ", [
				"container \"f\" uses gcr.io/uber-container-tools/makisu:v0.4.2: Makisu is archived:",
				"use rootless BuildKit or Buildah",
			]),
			"details": {"container": "f", "path": "/spec/containers/5/image"},
		},
	}
	violations := abandoned_builder.violation with input as _pod({
		"containers": [
			{"name": "a", "image": "gcr.io/kaniko-project/executor:v1.23.2-debug"},
			{"name": "b", "image": "reg:5000/mirror/kaniko-project/warmer@sha256:00"},
			{"name": "c", "image": "r.j3ss.co/img:v0.5.11"},
			{"name": "d", "image": "genuinetools/img:v0.5.11"},
			{"name": "e", "image": "quay.io/uswitch/kiam:v4.2"},
			{"name": "f", "image": "gcr.io/uber-container-tools/makisu:v0.4.2"},
		],
	})
	violations == expected
}

test_success_forks_and_others if {
	violations := abandoned_builder.violation with input as _pod({
		"containers": [
			{"name": "a", "image": "ghcr.io/osscontainertools/kaniko:v1"},
			{"name": "b", "image": "cgr.dev/chainguard/kaniko:latest"},
			{"name": "c", "image": "mycorp/executor:1"},
			{"name": "d", "image": "mycorp/img:1"},
			{"name": "e", "image": "alpine:3.22"},
		],
	})
	violations == set()
}

test_success_nulls if {
	violations := abandoned_builder.violation with input as _pod({"containers": null, "initContainers": [null, "x"], "volumes": null, "securityContext": null})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
