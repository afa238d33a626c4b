package podgate.psp.run_as_user_test

import rego.v1

import data.podgate.psp.run_as_user

test_fail_root if {
	expected := {
		{
			"msg": "container \"build\" has runAsUser 0, which the policy does not allow (runAsUser: MustRunAsNonRoot)",
			"details": {
				"path": "/spec/containers/0/securityContext/runAsUser",
				"container": "build",
			},
		},
		{
			"msg": "container \"build\" has runAsNonRoot false, which the policy does not allow (runAsUser: MustRunAsNonRoot)",
			"details": {
				"path": "/spec/containers/1/securityContext/runAsNonRoot",
				"container": "build",
			},
		},
	}
	violations := run_as_user.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"securityContext": {"runAsUser": 0},
						},
						{
							"name": "build",
							"securityContext": {"runAsUser": 5, "runAsNonRoot": false},
						},
						{
							"name": "build",
							"securityContext": {"runAsUser": 5},
						},
					],
				},
			},
		},
		"parameters": {},
	}
	violations == expected
}

test_fail_of_the_pod if {
	expected := {
		{
			"msg": "container \"build\" has runAsUser 0, which the policy does not allow (runAsUser: MustRunAsNonRoot)",
			"details": {"path": "/spec/securityContext/runAsUser", "container": "build"},
		},
	}
	violations := run_as_user.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{"name": "build"},
						{
							"name": "build",
							"securityContext": {"runAsUser": 7},
						},
					],
					"securityContext": {"runAsUser": 0},
				},
			},
		},
		"parameters": {},
	}
	violations == expected
}

test_fail_out_of_range if {
	expected := {
		{
			"msg": "container \"build\" has runAsUser 6, which the policy does not allow (runAsUser: MustRunAs)",
			"details": {
				"path": "/spec/containers/0/securityContext/runAsUser",
				"container": "build",
			},
		},
	}
	violations := run_as_user.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"securityContext": {"runAsUser": 6},
						},
						{
							"name": "build",
							"securityContext": {"runAsUser": 9},
						},
						{"name": "build"},
					],
					"securityContext": {"runAsUser": 5},
				},
			},
		},
		"parameters": {
			"runAsUser": {
				"rule": "MustRunAs",
				"ranges": [{"min": 1, "max": 5}, {"min": 9, "max": 9}],
			},
		},
	}
	violations == expected
}

test_fail_no_range if {
	expected := {
		{
			"msg": "container \"build\" has runAsUser null, which the policy does not allow (runAsUser: MustRunAs)",
			"details": {
				"path": "/spec/containers/0/securityContext/runAsUser",
				"container": "build",
			},
		},
	}
	violations := run_as_user.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [{"name": "build"}]},
			},
		},
		"parameters": {"runAsUser": {"rule": "MustRunAs"}},
	}
	violations == expected
}

test_fail_nothing_in_the_strategy if {
	expected := {{
		"msg": "container \"build\" has runAsUser 0, which the policy does not allow (runAsUser: no rule)",
		"details": {"path": "/spec/containers/0/securityContext/runAsUser", "container": "build"},
	}}
	violations := run_as_user.violation with input as {
		"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "build", "securityContext": {"runAsUser": 0}}]}}},
		"parameters": {"runAsUser": {}},
	}
	violations == expected
}

test_success_not_set if {
	violations := run_as_user.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{"name": "build"},
						{
							"name": "build",
							"securityContext": {"runAsNonRoot": true},
						},
						{
							"name": "build",
							"securityContext": {"runAsUser": 1},
						},
					],
				},
			},
		},
		"parameters": {},
	}
	violations == set()
}

test_success_not_set_in_range if {
	violations := run_as_user.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [{"name": "build"}]},
			},
		},
		"parameters": {"runAsUser": {"rule": "MustRunAs", "ranges": [{"min": 1, "max": 5}]}},
	}
	violations == set()
}

test_success_any if {
	violations := run_as_user.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [{"name": "build", "securityContext": {"runAsUser": 0}}],
				},
			},
		},
		"parameters": {"runAsUser": {"rule": "RunAsAny"}},
	}
	violations == set()
}
