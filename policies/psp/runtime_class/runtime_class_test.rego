package podgate.psp.runtime_class_test

import rego.v1

import data.podgate.psp.runtime_class

test_fail_another if {
	expected := {
		{
			"msg": "pod has the RuntimeClass \"runc\", which the policy does not allow (runtimeClass)",
			"details": {"path": "/spec/runtimeClassName"},
		},
	}
	violations := runtime_class.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [], "runtimeClassName": "runc"},
			},
		},
		"parameters": {"runtimeClass": {"allowedRuntimeClassNames": ["kata"]}},
	}
	violations == expected
}

test_success_listed if {
	violations := runtime_class.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [], "runtimeClassName": "kata"},
			},
		},
		"parameters": {"runtimeClass": {"allowedRuntimeClassNames": ["kata"]}},
	}
	violations == set()
}

test_success_not_set if {
	violations := runtime_class.violation with input as {
		"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": []}}},
		"parameters": {"runtimeClass": {"allowedRuntimeClassNames": []}},
	}
	violations == set()
}

test_success_all if {
	violations := runtime_class.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [], "runtimeClassName": "runc"},
			},
		},
		"parameters": {},
	}
	violations == set()
}
