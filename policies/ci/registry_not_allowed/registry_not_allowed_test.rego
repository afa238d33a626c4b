package podgate.ci.registry_not_allowed_test

import rego.v1

import data.podgate.ci.registry_not_allowed

test_fail_another_registry if {
	expected := {
		{
			"msg": "container \"build\" uses ghcr.io/x/y:1, which is not from an allowed registry",
			"details": {"container": "build", "path": "/spec/containers/0/image"},
		},
		{
			"msg": "container \"build\" uses mycorp/app, which is not from an allowed registry",
			"details": {"container": "build", "path": "/spec/containers/1/image"},
		},
		{
			"msg": "container \"build\" uses localhost/x, which is not from an allowed registry",
			"details": {"container": "build", "path": "/spec/containers/2/image"},
		},
		{
			"msg": "container \"build\" uses reg:5000/x, which is not from an allowed registry",
			"details": {"container": "build", "path": "/spec/containers/3/image"},
		},
	}
	violations := registry_not_allowed.violation with input as _allowed(_registries, [
		"ghcr.io/x/y:1",
		"mycorp/app",
		"localhost/x",
		"reg:5000/x",
	])
	violations == expected
}

test_fail_longer_name if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" uses registry.example.com/ci-evil/git:1, which is not from an",
				"allowed registry",
			]),
			"details": {"container": "build", "path": "/spec/containers/0/image"},
		},
		{
			"msg": concat(" ", [
				"container \"build\" uses registry.example.com.evil.test/ci/git, which is not from an",
				"allowed registry",
			]),
			"details": {"container": "build", "path": "/spec/containers/1/image"},
		},
		{
			"msg": concat(" ", [
				"container \"build\" uses quay.io.evil.test/x, which is not from an allowed registry",
			]),
			"details": {"container": "build", "path": "/spec/containers/2/image"},
		},
	}
	violations := registry_not_allowed.violation with input as _allowed(_registries, [
		"registry.example.com/ci-evil/git:1",
		"registry.example.com.evil.test/ci/git",
		"quay.io.evil.test/x",
	])
	violations == expected
}

test_fail_upper_case_path if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" uses registry.example.com/CI/git, which is not from an allowed",
				"registry",
			]),
			"details": {"container": "build", "path": "/spec/containers/0/image"},
		},
	}
	violations := registry_not_allowed.violation with input as _allowed(_registries, ["registry.example.com/CI/git"])
	violations == expected
}

test_fail_unresolved if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" uses $(REGISTRY)/ci/git:1, whose registry is not known before",
				"something fills it in",
			]),
			"details": {"container": "build", "path": "/spec/containers/0/image"},
		},
		{
			"msg": concat(" ", [
				"container \"build\" uses {{ .Values.image }}, whose registry is not known before",
				"something fills it in",
			]),
			"details": {"container": "build", "path": "/spec/containers/1/image"},
		},
		{
			"msg": concat(" ", [
				"container \"build\" uses registry.example.com/$TEAM/git, whose registry is not known",
				"before something fills it in",
			]),
			"details": {"container": "build", "path": "/spec/containers/2/image"},
		},
	}
	violations := registry_not_allowed.violation with input as _allowed(_registries, [
		"$(REGISTRY)/ci/git:1",
		"{{ .Values.image }}",
		"registry.example.com/$TEAM/git",
	])
	violations == expected
}

test_success_allowed if {
	violations := registry_not_allowed.violation with input as _allowed(_registries, [
		"registry.example.com/ci/git:1",
		"Registry.Example.com/ci/git@sha256:0000000000000000000000000000000000000000000000000000000000000000",
		"quay.io/x/y",
		"alpine",
		"alpine:3.22",
		"index.docker.io/library/busybox:1",
		"registry.example.com/ci/git:${TAG}",
		"registry.example.com/ci/$NAME",
	])
	violations == set()
}

test_success_not_set if {
	violations := registry_not_allowed.violation with input as _pod({
		"containers": [{"name": "build", "image": "ghcr.io/x/y:1"}],
	})
	violations == set()
}

test_success_empty if {
	violations := registry_not_allowed.violation with input as _allowed([], ["ghcr.io/x/y:1"])
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}

_allowed(registries, images) := {"review": {"object": {"kind": "Pod", "spec": spec}}, "parameters": parameters} if {
	spec := {"containers": [{"name": "build", "image": image} | some image in images]}
	parameters := {"registries": registries}
}

_registries := ["registry.example.com/ci", "docker.io/library", "https://Quay.io/"]
