package podgate.psp.allowed_csi_drivers_test

import rego.v1

import data.podgate.psp.allowed_csi_drivers

test_fail_other_driver if {
	expected := {
		{
			"msg": "volume \"v\" uses the CSI driver \"b\", which the policy does not allow (allowedCSIDrivers)",
			"details": {"path": "/spec/volumes/0/csi/driver"},
		},
	}
	violations := allowed_csi_drivers.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"volumes": [{"name": "v", "csi": {"driver": "b"}}]},
			},
		},
		"parameters": {"allowedCSIDrivers": [{"name": "a"}]},
	}
	violations == expected
}

test_success_listed if {
	violations := allowed_csi_drivers.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"volumes": [{"name": "v", "csi": {"driver": "a"}}]},
			},
		},
		"parameters": {"allowedCSIDrivers": [{"name": "a"}]},
	}
	violations == set()
}

test_success_no_list if {
	violations := allowed_csi_drivers.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"volumes": [{"name": "v", "csi": {"driver": "a"}}]},
			},
		},
		"parameters": {},
	}
	violations == set()
}
