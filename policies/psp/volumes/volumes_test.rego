package podgate.psp.volumes_test

import rego.v1

import data.podgate.psp.volumes

test_fail_refused if {
	expected := {
		{
			"msg": "volume \"a\" is of type hostPath, which the policy does not allow (volumes)",
			"details": {"path": "/spec/volumes/0/hostPath"},
		},
		{
			"msg": "volume \"b\" is of type cephFS, which the policy does not allow (volumes)",
			"details": {"path": "/spec/volumes/1/cephfs"},
		},
	}
	violations := volumes.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"volumes": [
						{"name": "a", "hostPath": {"path": "/"}},
						{"name": "b", "cephfs": {"monitors": []}},
						{"name": "c", "emptyDir": {}},
					],
				},
			},
		},
		"parameters": {},
	}
	violations == expected
}

test_fail_unknown_type if {
	expected := {
		{
			"msg": "volume \"a\" is of type image, which the policy does not allow (volumes)",
			"details": {"path": "/spec/volumes/0/image"},
		},
	}
	violations := volumes.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"volumes": [{"name": "a", "image": {"reference": "x"}}]},
			},
		},
		"parameters": {"volumes": ["*"]},
	}
	violations == expected
}

test_fail_none if {
	expected := {
		{
			"msg": "volume \"a\" is of type emptyDir, which the policy does not allow (volumes)",
			"details": {"path": "/spec/volumes/0/emptyDir"},
		},
	}
	violations := volumes.violation with input as {
		"review": {
			"object": {"apiVersion": "v1", "kind": "Pod", "spec": {"volumes": [{"name": "a"}]}},
		},
		"parameters": {"volumes": []},
	}
	violations == expected
}

test_fail_no_account_volume if {
	expected := {
		{
			"msg": "volume \"a\" is of type projected, which the policy does not allow (volumes)",
			"details": {"path": "/spec/volumes/0/projected"},
		},
		{
			"msg": "volume \"b\" is of type projected, which the policy does not allow (volumes)",
			"details": {"path": "/spec/volumes/1/projected"},
		},
		{
			"msg": "volume \"c\" is of type projected, which the policy does not allow (volumes)",
			"details": {"path": "/spec/volumes/2/projected"},
		},
		{
			"msg": "volume \"d\" is of type projected, which the policy does not allow (volumes)",
			"details": {"path": "/spec/volumes/3/projected"},
		},
	}
	violations := volumes.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"volumes": [
						{
							"name": "a",
							"projected": {
								"sources": [
									{
										"serviceAccountToken": {
											"path": "token",
											"audience": "vault",
										},
									},
								],
							},
						},
						{
							"name": "b",
							"projected": {
								"sources": [
									{
										"downwardAPI": {
											"items": [
												{
													"path": "labels",
													"fieldRef": {
														"fieldPath": "metadata.labels",
													},
												},
											],
										},
									},
								],
							},
						},
						{
							"name": "c",
							"projected": {"sources": [{"secret": {"name": "x"}}]},
						},
						{"name": "d", "projected": {"sources": [{}]}},
					],
				},
			},
		},
		"parameters": {"volumes": ["secret"]},
	}
	violations == expected
}

test_success_allowed if {
	violations := volumes.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"volumes": [
						{"name": "a"},
						{"name": "b", "csi": {"driver": "x"}},
						{"name": "c", "projected": {"sources": []}},
					],
				},
			},
		},
		"parameters": {},
	}
	violations == set()
}

test_success_account_volume if {
	violations := volumes.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"volumes": [
						{
							"name": "a",
							"projected": {
								"sources": [
									{
										"serviceAccountToken": {"path": "token"},
									},
									{
										"configMap": {
											"name": "kube-root-ca.crt",
										},
									},
									{
										"downwardAPI": {
											"items": [
												{
													"path": "namespace",
													"fieldRef": {
														"apiVersion": "v1",
														"fieldPath": "metadata.namespace",
													},
												},
											],
										},
									},
								],
							},
						},
					],
				},
			},
		},
		"parameters": {"volumes": ["secret"]},
	}
	violations == set()
}

test_success_all if {
	violations := volumes.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"volumes": [{"name": "a", "hostPath": {"path": "/"}}]},
			},
		},
		"parameters": {"volumes": ["*"]},
	}
	violations == set()
}
