package podgate.psp.supplemental_groups_test

import rego.v1

import data.podgate.psp.supplemental_groups

test_fail_out_of_range if {
	expected := {
		{
			"msg": "pod has the supplemental group 0; the policy allows 1-65535 (supplementalGroups)",
			"details": {"path": "/spec/securityContext/supplementalGroups/1"},
		},
		{
			"msg": "pod has the supplemental group 65536; the policy allows 1-65535 (supplementalGroups)",
			"details": {"path": "/spec/securityContext/supplementalGroups/2"},
		},
	}
	violations := supplemental_groups.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [],
					"securityContext": {"supplementalGroups": [1, 0, 65536]},
				},
			},
		},
		"parameters": {},
	}
	violations == expected
}

test_fail_empty if {
	expected := {
		{
			"msg": "pod has the supplemental group none; the policy allows 1-65535 (supplementalGroups)",
			"details": {"path": "/spec/securityContext/supplementalGroups"},
		},
	}
	violations := supplemental_groups.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [], "securityContext": {"supplementalGroups": []}},
			},
		},
		"parameters": {},
	}
	violations == expected
}

test_fail_no_range if {
	expected := {
		{
			"msg": "pod has the supplemental group none; the policy allows no range (supplementalGroups)",
			"details": {"path": "/spec/securityContext/supplementalGroups"},
		},
	}
	violations := supplemental_groups.violation with input as {
		"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": []}}},
		"parameters": {"supplementalGroups": {"rule": "MustRunAs"}},
	}
	violations == expected
}

test_fail_nothing_in_the_strategy if {
	expected := {{
		"msg": "pod has the supplemental group none; the policy allows no range (supplementalGroups)",
		"details": {"path": "/spec/securityContext/supplementalGroups"},
	}}
	violations := supplemental_groups.violation with input as {
		"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": []}}},
		"parameters": {"supplementalGroups": {}},
	}
	violations == expected
}

test_fail_empty_without_a_rule if {
	expected := {{
		"msg": "pod has the supplemental group none; the policy allows no range (supplementalGroups)",
		"details": {"path": "/spec/securityContext/supplementalGroups"},
	}}
	violations := supplemental_groups.violation with input as {
		"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [], "securityContext": {"supplementalGroups": []}}}},
		"parameters": {"supplementalGroups": {}},
	}
	violations == expected
}

test_success_not_set if {
	violations := supplemental_groups.violation with input as {
		"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": []}}},
		"parameters": {},
	}
	violations == set()
}

test_success_may if {
	violations := supplemental_groups.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [], "securityContext": {"supplementalGroups": []}},
			},
		},
		"parameters": {"supplementalGroups": {"rule": "MayRunAs", "ranges": [{"min": 1, "max": 2}]}},
	}
	violations == set()
}

test_success_any if {
	violations := supplemental_groups.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [], "securityContext": {"supplementalGroups": [0]}},
			},
		},
		"parameters": {"supplementalGroups": {"rule": "RunAsAny"}},
	}
	violations == set()
}
