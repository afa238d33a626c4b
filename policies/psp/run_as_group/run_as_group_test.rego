package podgate.psp.run_as_group_test

import rego.v1

import data.podgate.psp.run_as_group

test_fail_out_of_range if {
	expected := {
		{
			"msg": "container \"build\" has runAsGroup 0; the policy allows 5-9 (runAsGroup)",
			"details": {
				"path": "/spec/containers/0/securityContext/runAsGroup",
				"container": "build",
			},
		},
	}
	violations := run_as_group.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"securityContext": {"runAsGroup": 0},
						},
						{
							"name": "build",
							"securityContext": {"runAsGroup": 5},
						},
						{"name": "build"},
					],
				},
			},
		},
		"parameters": {"runAsGroup": {"rule": "MayRunAs", "ranges": [{"min": 5, "max": 9}]}},
	}
	violations == expected
}

test_fail_of_the_pod if {
	expected := {
		{
			"msg": "container \"build\" has runAsGroup 0; the policy allows 5-9 (runAsGroup)",
			"details": {"path": "/spec/securityContext/runAsGroup", "container": "build"},
		},
	}
	violations := run_as_group.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [{"name": "build"}],
					"securityContext": {"runAsGroup": 0},
				},
			},
		},
		"parameters": {"runAsGroup": {"rule": "MustRunAs", "ranges": [{"min": 5, "max": 9}]}},
	}
	violations == expected
}

test_fail_nothing_in_the_strategy if {
	expected := {{
		"msg": "container \"build\" has runAsGroup 0; the policy allows no range (runAsGroup)",
		"details": {"path": "/spec/containers/0/securityContext/runAsGroup", "container": "build"},
	}}
	violations := run_as_group.violation with input as {
		"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "build", "securityContext": {"runAsGroup": 0}}]}}},
		"parameters": {"runAsGroup": {}},
	}
	violations == expected
}

test_success_not_set if {
	violations := run_as_group.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [{"name": "build"}]},
			},
		},
		"parameters": {"runAsGroup": {"rule": "MustRunAs", "ranges": [{"min": 5, "max": 9}]}},
	}
	violations == set()
}

test_success_any if {
	violations := run_as_group.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [{"name": "build", "securityContext": {"runAsGroup": 0}}],
				},
			},
		},
		"parameters": {},
	}
	violations == set()
}
