package podgate.psp.allowed_host_paths_test

import rego.v1

import data.podgate.psp.allowed_host_paths

test_fail_other_paths if {
	expected := {
		{
			"msg": "volume \"v\" mounts /food from the node, which is below no allowed prefix (allowedHostPaths)",
			"details": {"path": "/spec/volumes/0/hostPath/path"},
		},
		{
			"msg": "volume \"v\" mounts / from the node, which is below no allowed prefix (allowedHostPaths)",
			"details": {"path": "/spec/volumes/1/hostPath/path"},
		},
		{
			"msg": "volume \"v\" mounts /foo/../etc from the node, which is below no allowed prefix (allowedHostPaths)",
			"details": {"path": "/spec/volumes/2/hostPath/path"},
		},
		{
			"msg": "volume \"v\" mounts  from the node, which is below no allowed prefix (allowedHostPaths)",
			"details": {"path": "/spec/volumes/3/hostPath/path"},
		},
	}
	violations := allowed_host_paths.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"volumes": [
						{"name": "v", "hostPath": {"path": "/food"}},
						{"name": "v", "hostPath": {"path": "/"}},
						{"name": "v", "hostPath": {"path": "/foo/../etc"}},
						{"name": "v", "hostPath": {}},
					],
				},
			},
		},
		"parameters": {"volumes": ["hostPath"], "allowedHostPaths": [{"pathPrefix": "/foo"}]},
	}
	violations == expected
}

test_fail_writable if {
	expected := {
		{
			"msg": "container \"build\" may write to /foo/bar of the node by volume \"v\", which the policy allows for reading only (allowedHostPaths)",
			"details": {"path": "/spec/containers/0/volumeMounts/1", "container": "build"},
		},
		{
			"msg": "container \"build\" may write to /foo/bar of the node by volume \"v\", which the policy allows for reading only (allowedHostPaths)",
			"details": {"path": "/spec/containers/0/volumeMounts/2", "container": "build"},
		},
	}
	violations := allowed_host_paths.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"volumes": [{"name": "v", "hostPath": {"path": "/foo/bar"}}],
					"containers": [
						{
							"name": "build",
							"volumeMounts": [
								{
									"name": "v",
									"mountPath": "/m",
									"readOnly": true,
								},
								{"name": "v", "mountPath": "/m"},
								{
									"name": "v",
									"mountPath": "/m",
									"readOnly": false,
								},
							],
						},
					],
				},
			},
		},
		"parameters": {
			"volumes": ["hostPath"],
			"allowedHostPaths": [{"pathPrefix": "/foo/", "readOnly": true}],
		},
	}
	violations == expected
}

test_success_below if {
	violations := allowed_host_paths.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"volumes": [
						{"name": "v", "hostPath": {"path": "/foo"}},
						{"name": "v", "hostPath": {"path": "/foo/"}},
						{"name": "v", "hostPath": {"path": "/foo/bar"}},
					],
				},
			},
		},
		"parameters": {"volumes": ["*"], "allowedHostPaths": [{"pathPrefix": "/foo/"}]},
	}
	violations == set()
}

test_success_one_prefix_may_be_written if {
	violations := allowed_host_paths.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"volumes": [{"name": "v", "hostPath": {"path": "/foo/bar"}}],
					"containers": [
						{
							"name": "build",
							"volumeMounts": [{"name": "v", "mountPath": "/m"}],
						},
					],
				},
			},
		},
		"parameters": {
			"volumes": ["hostPath"],
			"allowedHostPaths": [
				{"pathPrefix": "/foo", "readOnly": true},
				{"pathPrefix": "/foo/bar", "readOnly": false},
			],
		},
	}
	violations == set()
}

test_success_root if {
	violations := allowed_host_paths.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"volumes": [{"name": "v", "hostPath": {"path": "/"}}],
					"containers": [
						{
							"name": "build",
							"volumeMounts": [{"name": "v", "mountPath": "/m"}],
						},
					],
				},
			},
		},
		"parameters": {"volumes": ["hostPath"], "allowedHostPaths": [{"pathPrefix": "/"}]},
	}
	violations == set()
}

test_success_no_prefixes if {
	violations := allowed_host_paths.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"volumes": [{"name": "v", "hostPath": {"path": "/etc"}}],
					"containers": [
						{
							"name": "build",
							"volumeMounts": [{"name": "v", "mountPath": "/m"}],
						},
					],
				},
			},
		},
		"parameters": {"volumes": ["hostPath"]},
	}
	violations == set()
}

test_success_type_not_allowed if {
	violations := allowed_host_paths.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"volumes": [{"name": "v", "hostPath": {"path": "/etc"}}],
					"containers": [
						{
							"name": "build",
							"volumeMounts": [{"name": "v", "mountPath": "/m"}],
						},
					],
				},
			},
		},
		"parameters": {"allowedHostPaths": [{"pathPrefix": "/foo"}]},
	}
	violations == set()
}
