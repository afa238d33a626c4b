package podgate.psp.fs_group_test

import rego.v1

import data.podgate.psp.fs_group

test_fail_out_of_range if {
	expected := {
		{
			"msg": "pod has fsGroup 0; the policy allows 1-65535 (fsGroup)",
			"details": {"path": "/spec/securityContext/fsGroup"},
		},
	}
	violations := fs_group.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [], "securityContext": {"fsGroup": 0}},
			},
		},
		"parameters": {},
	}
	violations == expected
}

test_fail_no_range if {
	expected := {
		{
			"msg": "pod has fsGroup null; the policy allows no range (fsGroup)",
			"details": {"path": "/spec/securityContext/fsGroup"},
		},
	}
	violations := fs_group.violation with input as {
		"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": []}}},
		"parameters": {"fsGroup": {"rule": "MustRunAs"}},
	}
	violations == expected
}

test_fail_no_rule if {
	expected := {
		{
			"msg": "pod has fsGroup 1; the policy allows 1-2 (fsGroup)",
			"details": {"path": "/spec/securityContext/fsGroup"},
		},
	}
	violations := fs_group.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [], "securityContext": {"fsGroup": 1}},
			},
		},
		"parameters": {"fsGroup": {"rule": "mustRunAs", "ranges": [{"min": 1, "max": 2}]}},
	}
	violations == expected
}

test_fail_nothing_in_the_strategy if {
	expected := {{"msg": "pod has fsGroup 0; the policy allows no range (fsGroup)", "details": {"path": "/spec/securityContext/fsGroup"}}}
	violations := fs_group.violation with input as {
		"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [], "securityContext": {"fsGroup": 0}}}},
		"parameters": {"fsGroup": {}},
	}
	violations == expected
}

test_fail_ranges_without_a_rule if {
	expected := {{"msg": "pod has fsGroup 1; the policy allows 1-2 (fsGroup)", "details": {"path": "/spec/securityContext/fsGroup"}}}
	violations := fs_group.violation with input as {
		"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [], "securityContext": {"fsGroup": 1}}}},
		"parameters": {"fsGroup": {"ranges": [{"min": 1, "max": 2}]}},
	}
	violations == expected
}

test_success_not_set if {
	violations := fs_group.violation with input as {
		"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": []}}},
		"parameters": {},
	}
	violations == set()
}

test_success_in_range if {
	violations := fs_group.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [], "securityContext": {"fsGroup": 65535}},
			},
		},
		"parameters": {},
	}
	violations == set()
}

test_success_any if {
	violations := fs_group.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [], "securityContext": {"fsGroup": 0}},
			},
		},
		"parameters": {"fsGroup": {"rule": "RunAsAny"}},
	}
	violations == set()
}
