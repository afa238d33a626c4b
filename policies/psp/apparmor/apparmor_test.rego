package podgate.psp.apparmor_test

import rego.v1

import data.podgate.psp.apparmor

test_fail_unconfined if {
	expected := {
		{
			"msg": "container \"build\" has the AppArmor profile \"unconfined\", which the policy does not allow (apparmor)",
			"details": {
				"path": "/spec/containers/0/securityContext/appArmorProfile",
				"container": "build",
			},
		},
	}
	violations := apparmor.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"securityContext": {"appArmorProfile": {"type": "Unconfined"}},
						},
					],
				},
			},
		},
		"parameters": {},
	}
	violations == expected
}

test_fail_annotation if {
	expected := {
		{
			"msg": "container \"build\" has the AppArmor profile \"localhost/x\", which the policy does not allow (apparmor)",
			"details": {
				"path": "/metadata/annotations/container.apparmor.security.beta.kubernetes.io~1build",
				"container": "build",
			},
		},
	}
	violations := apparmor.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [{"name": "build"}],
					"securityContext": {"appArmorProfile": {"type": "RuntimeDefault"}},
				},
				"metadata": {
					"annotations": {
						"container.apparmor.security.beta.kubernetes.io/build": "localhost/x",
					},
				},
			},
		},
		"parameters": {},
	}
	violations == expected
}

test_fail_none if {
	expected := {
		{
			"msg": "container \"build\" has the AppArmor profile \"\", which the policy does not allow (apparmor)",
			"details": {
				"path": "/spec/containers/0/securityContext/appArmorProfile",
				"container": "build",
			},
		},
	}
	violations := apparmor.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [{"name": "build"}]},
			},
		},
		"parameters": {"apparmor.security.beta.kubernetes.io/defaultProfileName": ""},
	}
	violations == expected
}

test_success_default_of_the_policy if {
	violations := apparmor.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [{"name": "build"}]},
			},
		},
		"parameters": {},
	}
	violations == set()
}

test_success_runtime_default if {
	violations := apparmor.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"securityContext": {
								"appArmorProfile": {"type": "RuntimeDefault"},
							},
						},
					],
				},
			},
		},
		"parameters": {"apparmor.security.beta.kubernetes.io/defaultProfileName": ""},
	}
	violations == set()
}

test_success_no_list if {
	violations := apparmor.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"securityContext": {"appArmorProfile": {"type": "Unconfined"}},
						},
					],
				},
			},
		},
		"parameters": {"apparmor.security.beta.kubernetes.io/allowedProfileNames": null},
	}
	violations == set()
}

test_success_part if {
	violations := apparmor.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [{"name": "build"}]},
			},
		},
		"parameters": {"apparmor.security.beta.kubernetes.io/defaultProfileName": ""},
		"partial": true,
	}
	violations == set()
}
