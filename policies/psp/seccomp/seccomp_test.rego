package podgate.psp.seccomp_test

import rego.v1

import data.podgate.psp.seccomp

test_fail_none if {
	expected := {
		{
			"msg": "pod has the seccomp profile \"\", which the policy does not allow (seccomp)",
			"details": {"path": "/spec/securityContext/seccompProfile", "container": ""},
		},
	}
	violations := seccomp.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"securityContext": {
								"seccompProfile": {"type": "RuntimeDefault"},
							},
						},
					],
				},
			},
		},
		"parameters": {},
	}
	violations == expected
}

test_fail_container if {
	expected := {
		{
			"msg": "container \"build\" has the seccomp profile \"unconfined\", which the policy does not allow (seccomp)",
			"details": {
				"path": "/spec/containers/0/securityContext/seccompProfile",
				"container": "build",
			},
		},
		{
			"msg": "container \"build\" has the seccomp profile \"localhost/a.json\", which the policy does not allow (seccomp)",
			"details": {
				"path": "/spec/containers/1/securityContext/seccompProfile",
				"container": "build",
			},
		},
		{
			"msg": "container \"build\" has the seccomp profile \"unknown\", which the policy does not allow (seccomp)",
			"details": {
				"path": "/spec/containers/2/securityContext/seccompProfile",
				"container": "build",
			},
		},
	}
	violations := seccomp.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"securityContext": {"seccompProfile": {"type": "Unconfined"}},
						},
						{
							"name": "build",
							"securityContext": {
								"seccompProfile": {
									"type": "Localhost",
									"localhostProfile": "a.json",
								},
							},
						},
						{
							"name": "build",
							"securityContext": {"seccompProfile": {"type": "X"}},
						},
					],
					"securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
				},
			},
		},
		"parameters": {},
	}
	violations == expected
}

test_fail_annotations if {
	expected := {
		{
			"msg": "pod has the seccomp profile \"unconfined\", which the policy does not allow (seccomp)",
			"details": {
				"path": "/metadata/annotations/seccomp.security.alpha.kubernetes.io~1pod",
				"container": "",
			},
		},
		{
			"msg": "container \"build\" has the seccomp profile \"localhost/x\", which the policy does not allow (seccomp)",
			"details": {
				"path": "/spec/containers/0/securityContext/seccompProfile",
				"container": "build",
			},
		},
	}
	violations := seccomp.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [{"name": "build"}]},
				"metadata": {
					"annotations": {
						"seccomp.security.alpha.kubernetes.io/pod": "unconfined",
						"container.seccomp.security.alpha.kubernetes.io/build": "localhost/x",
					},
				},
			},
		},
		"parameters": {},
	}
	violations == expected
}

test_fail_field_before_annotation if {
	expected := {
		{
			"msg": "container \"build\" has the seccomp profile \"unconfined\", which the policy does not allow (seccomp)",
			"details": {
				"path": "/spec/containers/0/securityContext/seccompProfile",
				"container": "build",
			},
		},
	}
	violations := seccomp.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [{"name": "build"}],
					"securityContext": {"seccompProfile": {"type": "Unconfined"}},
				},
				"metadata": {
					"annotations": {
						"seccomp.security.alpha.kubernetes.io/pod": "docker/default",
					},
				},
			},
		},
		"parameters": {},
	}
	violations == expected
}

test_fail_nothing_allowed if {
	expected := {
		{
			"msg": "pod has the seccomp profile \"runtime/default\", which the policy does not allow (seccomp)",
			"details": {"path": "/spec/securityContext/seccompProfile", "container": ""},
		},
	}
	violations := seccomp.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [{"name": "build"}],
					"securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
				},
			},
		},
		"parameters": {"seccomp.security.alpha.kubernetes.io/allowedProfileNames": ""},
	}
	violations == expected
}

test_success_runtime_default if {
	violations := seccomp.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{"name": "build"},
						{
							"name": "build",
							"securityContext": {
								"seccompProfile": {"type": "RuntimeDefault"},
							},
						},
					],
					"securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
				},
			},
		},
		"parameters": {},
	}
	violations == set()
}

test_success_default_of_the_policy if {
	violations := seccomp.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [{"name": "build"}]},
			},
		},
		"parameters": {"podSecurityPolicy": "baseline"},
	}
	violations == set()
}

test_success_none_and_nothing_allowed if {
	violations := seccomp.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [{"name": "build"}]},
			},
		},
		"parameters": {"seccomp.security.alpha.kubernetes.io/allowedProfileNames": ""},
	}
	violations == set()
}

test_success_all if {
	violations := seccomp.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"securityContext": {"seccompProfile": {"type": "Unconfined"}},
						},
					],
				},
			},
		},
		"parameters": {"seccomp.security.alpha.kubernetes.io/allowedProfileNames": "*"},
	}
	violations == set()
}

test_success_part if {
	violations := seccomp.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [{"name": "build"}]},
			},
		},
		"parameters": {},
		"partial": true,
	}
	violations == set()
}
