package podgate.ci.unresolved_template_test

import rego.v1

import data.podgate.ci.unresolved_template

test_fail_boolean if {
	expected := {
		{
			"details": {
				"pointer": "/spec/containers/0/securityContext/privileged",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"field \"privileged\" is filled in later and was judged as if it were not",
				"there",
			]),
		},
		{
			"details": {"pointer": "/spec/hostPID", "severity": "medium"},
			"msg": "field \"hostPID\" is filled in later and was judged as if it were not there",
		},
	}
	violations := unresolved_template.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [{"name": "build"}]},
			},
			"namespace": "ci",
		},
		"notes": [
			{
				"kind": "open-field",
				"pointer": "/spec/containers/0/securityContext/privileged",
				"field": "privileged",
			},
			{"kind": "open-field", "pointer": "/spec/hostPID", "field": "hostPID"},
		],
	}
	violations == expected
}

test_fail_b06_sub_path_expr if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/volumeMounts/0/subPathExpr",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" mounts the part $(DIR) of volume \"node\", which may",
				"become any place below /var on the node",
			]),
		},
	}
	violations := unresolved_template.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"volumeMounts": [{"name": "node", "mountPath": "/host", "subPathExpr": "$(DIR)"}],
			},
		],
		"volumes": [{"name": "node", "hostPath": {"path": "/var"}}],
	})
	violations == expected
}

test_fail_sub_path if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/volumeMounts/0/subPath",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" mounts the part {{ .Values.part }} of volume \"node\",",
				"which may become any place below /srv on the node",
			]),
		},
	}
	violations := unresolved_template.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"volumeMounts": [
					{"name": "node", "mountPath": "/host", "subPath": "{{ .Values.part }}"},
				],
			},
		],
		"volumes": [{"name": "node", "hostPath": {"path": "/srv"}}],
	})
	violations == expected
}

test_fail_type_of_volume if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/type", "severity": "medium"},
			"msg": concat(" ", [
				"the type of volume \"node\", ${TYPE}, is filled in later and may become",
				"Socket",
			]),
		},
	}
	violations := unresolved_template.violation with input as _pod({
		"containers": [
			{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]},
		],
		"volumes": [{"name": "node", "hostPath": {"path": "/srv/x", "type": "${TYPE}"}}],
	})
	violations == expected
}

test_fail_proc_mount if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/procMount",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" has the procMount {{ .Values.mount }}, which is filled",
				"in later and may become Unmasked",
			]),
		},
	}
	violations := unresolved_template.violation with input as _pod({
		"containers": [
			{"name": "build", "securityContext": {"procMount": "{{ .Values.mount }}"}},
		],
	})
	violations == expected
}

test_fail_image if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/image",
				"severity": "low",
			},
			"msg": concat(" ", [
				"container \"build\" has the image registry.example.com/$(IMAGE):1.0, which",
				"is filled in later and may become a container daemon",
			]),
		},
	}
	violations := unresolved_template.violation with input as _pod({
		"containers": [{"name": "build", "image": "registry.example.com/$(IMAGE):1.0"}],
	})
	violations == expected
}

test_fail_image_of_docker if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/image",
				"severity": "low",
			},
			"msg": concat(" ", [
				"container \"build\" has the image docker:${TAG}, which is filled in later",
				"and may become a container daemon",
			]),
		},
	}
	violations := unresolved_template.violation with input as _pod({
		"containers": [{"name": "build", "image": "docker:${TAG}"}],
	})
	violations == expected
}

test_success_path_is_told_with_the_volume if {
	violations := unresolved_template.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"volumeMounts": [{"name": "node", "mountPath": "/host", "subPath": "$(PART)"}],
			},
		],
		"volumes": [{"name": "node", "hostPath": {"path": "$(DIR)"}}],
	})
	violations == set()
}

test_success_other_volume if {
	violations := unresolved_template.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"volumeMounts": [{"name": "data", "mountPath": "/data", "subPathExpr": "$(POD)"}],
			},
		],
		"volumes": [{"name": "data", "emptyDir": {}}],
	})
	violations == set()
}

test_success_version_of_an_image if {
	violations := unresolved_template.violation with input as _pod({
		"containers": [
			{"name": "build", "image": "alpine:{{ .Values.tag }}", "args": ["$(HOME)", "{{ x }}"]},
		],
	})
	violations == set()
}

test_success_other_fields if {
	violations := unresolved_template.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [{"name": "build"}]},
			},
			"namespace": "ci",
		},
		"notes": [
			{"kind": "open-field", "pointer": "/spec/containers/0/stdin", "field": "stdin"},
			{"kind": "unknown-field", "pointer": "/spec/hostPID", "field": "hostPID"},
		],
	}
	violations == set()
}

test_success_nulls if {
	violations := unresolved_template.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": null,
				"spec": {
					"containers": [
						{
							"name": "build",
							"env": null,
							"envFrom": null,
							"args": null,
							"volumeMounts": null,
							"securityContext": null,
							"image": null,
						},
						null,
					],
					"volumes": [
						null,
						{"name": "x", "projected": null, "secret": null, "hostPath": null},
					],
					"automountServiceAccountToken": false,
				},
			},
		},
	}
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
