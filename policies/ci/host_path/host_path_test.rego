package podgate.ci.host_path_test

import rego.v1

import data.podgate.ci.host_path

test_fail_any_directory if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "medium"},
			"msg": "volume \"node\" mounts /data/cache from the node: builds that share a directory of the node reach each other through it",
		},
	}
	violations := host_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/data/cache"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_b08_perhaps_a_link if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "medium"},
			"msg": "volume \"node\" mounts /data/x from the node: builds that share a directory of the node reach each other through it",
		},
	}
	violations := host_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/data/x"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [
								{"name": "node", "mountPath": "/host", "readOnly": true},
							],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_f02_longer_name if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "medium"},
			"msg": "volume \"node\" mounts /var/runner/cache from the node: builds that share a directory of the node reach each other through it",
		},
	}
	violations := host_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/var/runner/cache"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_unresolved_variable if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "medium"},
			"msg": "volume \"node\" mounts $(DIR)/docker.sock from the node: the path cannot be resolved here, so it may be any place of the node",
		},
	}
	violations := host_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "$(DIR)/docker.sock"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_unresolved_template if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "medium"},
			"msg": "volume \"node\" mounts {{ .Values.path }} from the node: the path cannot be resolved here, so it may be any place of the node",
		},
	}
	violations := host_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "{{ .Values.path }}"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_unresolved_shell if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "medium"},
			"msg": "volume \"node\" mounts ${HOME}/.m2 from the node: the path cannot be resolved here, so it may be any place of the node",
		},
	}
	violations := host_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "${HOME}/.m2"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_without_a_path if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath", "severity": "medium"},
			"msg": "volume \"node\" mounts  from the node: the path cannot be resolved here, so it may be any place of the node",
		},
	}
	violations := host_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_success_sensitive_is_another_finding if {
	violations := host_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": {"path": "/etc"}}],
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [{"name": "node", "mountPath": "/host"}],
						},
					],
				},
			},
		},
	}
	violations == set()
}

test_success_f01_empty_dir if {
	violations := host_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"volumeMounts": [
								{"name": "run", "mountPath": "/var/run"},
								{"name": "memory", "mountPath": "/var/lib/docker"},
							],
						},
					],
					"volumes": [
						{"name": "run", "emptyDir": {}},
						{"name": "memory", "emptyDir": {"medium": "Memory"}},
					],
				},
			},
		},
	}
	violations == set()
}

test_success_null if {
	violations := host_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"volumes": [{"name": "node", "hostPath": null}],
					"containers": [{"name": "build", "image": "alpine:3.22"}],
				},
			},
		},
	}
	violations == set()
}
