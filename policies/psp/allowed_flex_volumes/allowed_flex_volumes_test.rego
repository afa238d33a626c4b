package podgate.psp.allowed_flex_volumes_test

import rego.v1

import data.podgate.psp.allowed_flex_volumes

test_fail_other_driver if {
	expected := {
		{
			"msg": "volume \"v\" uses the flexVolume driver \"a/c\", which the policy does not allow (allowedFlexVolumes)",
			"details": {"path": "/spec/volumes/0/flexVolume/driver"},
		},
		{
			"msg": "volume \"v\" uses the flexVolume driver \"\", which the policy does not allow (allowedFlexVolumes)",
			"details": {"path": "/spec/volumes/1/flexVolume/driver"},
		},
	}
	violations := allowed_flex_volumes.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"volumes": [
						{"name": "v", "flexVolume": {"driver": "a/c"}},
						{"name": "v", "flexVolume": {}},
					],
				},
			},
		},
		"parameters": {"volumes": ["flexVolume"], "allowedFlexVolumes": [{"driver": "a/b"}]},
	}
	violations == expected
}

test_success_listed if {
	violations := allowed_flex_volumes.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"volumes": [{"name": "v", "flexVolume": {"driver": "a/b"}}]},
			},
		},
		"parameters": {"volumes": ["*"], "allowedFlexVolumes": [{"driver": "a/b"}]},
	}
	violations == set()
}

test_success_no_list if {
	violations := allowed_flex_volumes.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"volumes": [{"name": "v", "flexVolume": {"driver": "a/b"}}]},
			},
		},
		"parameters": {"podSecurityPolicy": "baseline"},
	}
	violations == set()
}
