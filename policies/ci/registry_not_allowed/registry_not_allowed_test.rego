package podgate.ci.registry_not_allowed_test

import rego.v1

import data.podgate.ci.registry_not_allowed

test_fail_another_registry if {
	expected := {
		{
			"details": {"container": "c0", "path": "/spec/containers/0/image"},
			"msg": "container \"c0\" uses ghcr.io/x/y:1, which is not from an allowed registry",
		},
		{
			"details": {"container": "c1", "path": "/spec/containers/1/image"},
			"msg": "container \"c1\" uses mycorp/app, which is not from an allowed registry",
		},
		{
			"details": {"container": "c2", "path": "/spec/containers/2/image"},
			"msg": "container \"c2\" uses localhost/x, which is not from an allowed registry",
		},
		{
			"details": {"container": "c3", "path": "/spec/containers/3/image"},
			"msg": "container \"c3\" uses reg:5000/x, which is not from an allowed registry",
		},
	}
	violations := registry_not_allowed.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{"name": "c0", "image": "ghcr.io/x/y:1"},
						{"name": "c1", "image": "mycorp/app"},
						{"name": "c2", "image": "localhost/x"},
						{"name": "c3", "image": "reg:5000/x"},
					],
				},
			},
		},
		"parameters": {
			"registries": ["registry.example.com/ci", "docker.io/library", "https://Quay.io/"],
		},
	}
	violations == expected
}

test_fail_longer_name if {
	expected := {
		{
			"details": {"container": "c0", "path": "/spec/containers/0/image"},
			"msg": "container \"c0\" uses registry.example.com/ci-evil/git:1, which is not from an allowed registry",
		},
		{
			"details": {"container": "c1", "path": "/spec/containers/1/image"},
			"msg": "container \"c1\" uses registry.example.com.evil.test/ci/git, which is not from an allowed registry",
		},
		{
			"details": {"container": "c2", "path": "/spec/containers/2/image"},
			"msg": "container \"c2\" uses quay.io.evil.test/x, which is not from an allowed registry",
		},
	}
	violations := registry_not_allowed.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{"name": "c0", "image": "registry.example.com/ci-evil/git:1"},
						{"name": "c1", "image": "registry.example.com.evil.test/ci/git"},
						{"name": "c2", "image": "quay.io.evil.test/x"},
					],
				},
			},
		},
		"parameters": {
			"registries": ["registry.example.com/ci", "docker.io/library", "https://Quay.io/"],
		},
	}
	violations == expected
}

test_fail_upper_case_path if {
	expected := {
		{
			"details": {"container": "c0", "path": "/spec/containers/0/image"},
			"msg": "container \"c0\" uses registry.example.com/CI/git, which is not from an allowed registry",
		},
	}
	violations := registry_not_allowed.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {"containers": [{"name": "c0", "image": "registry.example.com/CI/git"}]},
			},
		},
		"parameters": {
			"registries": ["registry.example.com/ci", "docker.io/library", "https://Quay.io/"],
		},
	}
	violations == expected
}

test_fail_unresolved if {
	expected := {
		{
			"details": {"container": "c0", "path": "/spec/containers/0/image"},
			"msg": "container \"c0\" uses $(REGISTRY)/ci/git:1, whose registry is not known before something fills it in",
		},
		{
			"details": {"container": "c1", "path": "/spec/containers/1/image"},
			"msg": "container \"c1\" uses {{ .Values.image }}, whose registry is not known before something fills it in",
		},
		{
			"details": {"container": "c2", "path": "/spec/containers/2/image"},
			"msg": "container \"c2\" uses registry.example.com/$TEAM/git, whose registry is not known before something fills it in",
		},
	}
	violations := registry_not_allowed.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{"name": "c0", "image": "$(REGISTRY)/ci/git:1"},
						{"name": "c1", "image": "{{ .Values.image }}"},
						{"name": "c2", "image": "registry.example.com/$TEAM/git"},
					],
				},
			},
		},
		"parameters": {
			"registries": ["registry.example.com/ci", "docker.io/library", "https://Quay.io/"],
		},
	}
	violations == expected
}

test_success_allowed if {
	violations := registry_not_allowed.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{"name": "c0", "image": "registry.example.com/ci/git:1"},
						{
							"name": "c1",
							"image": "Registry.Example.com/ci/git@sha256:0000000000000000000000000000000000000000000000000000000000000000",
						},
						{"name": "c2", "image": "quay.io/x/y"},
						{"name": "c3", "image": "alpine"},
						{"name": "c4", "image": "alpine:3.22"},
						{"name": "c5", "image": "index.docker.io/library/busybox:1"},
						{"name": "c6", "image": "registry.example.com/ci/git:${TAG}"},
						{"name": "c7", "image": "registry.example.com/ci/$NAME"},
					],
				},
			},
		},
		"parameters": {
			"registries": ["registry.example.com/ci", "docker.io/library", "https://Quay.io/"],
		},
	}
	violations == set()
}

test_success_not_set if {
	violations := registry_not_allowed.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {"containers": [{"name": "c0", "image": "ghcr.io/x/y:1"}]},
			},
		},
	}
	violations == set()
}

test_success_empty if {
	violations := registry_not_allowed.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {"containers": [{"name": "c0", "image": "ghcr.io/x/y:1"}]},
			},
		},
		"parameters": {"registries": []},
	}
	violations == set()
}
