package podgate.psp.privileged_test

import rego.v1

import data.podgate.psp.privileged

test_fail_refused if {
	expected := {
		{
			"msg": "container \"build\" is privileged, which the policy does not allow (privileged)",
			"details": {
				"path": "/spec/containers/0/securityContext/privileged",
				"container": "build",
			},
		},
	}
	violations := privileged.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [{"name": "build", "securityContext": {"privileged": true}}],
				},
			},
		},
		"parameters": {},
	}
	violations == expected
}

test_fail_baseline if {
	expected := {
		{
			"msg": "container \"build\" is privileged, which the policy does not allow (privileged)",
			"details": {
				"path": "/spec/containers/0/securityContext/privileged",
				"container": "build",
			},
		},
	}
	violations := privileged.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [{"name": "build", "securityContext": {"privileged": true}}],
				},
			},
		},
		"parameters": {"podSecurityPolicy": "baseline"},
	}
	violations == expected
}

test_success_allowed if {
	violations := privileged.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [{"name": "build", "securityContext": {"privileged": true}}],
				},
			},
		},
		"parameters": {"privileged": true},
	}
	violations == set()
}

test_success_privileged_policy if {
	violations := privileged.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [{"name": "build", "securityContext": {"privileged": true}}],
				},
			},
		},
		"parameters": {"podSecurityPolicy": "privileged"},
	}
	violations == set()
}

test_success_not_set if {
	violations := privileged.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [{"name": "build", "securityContext": {}}]},
			},
		},
		"parameters": {},
	}
	violations == set()
}
