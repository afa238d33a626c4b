package podgate.ci.dangerous_capability_test

import rego.v1

import data.podgate.ci.dangerous_capability

test_fail_b19_lower_case if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/capabilities/add/0",
				"severity": "critical",
			},
			"msg": "container \"build\" adds the capability sys_admin",
		},
	}
	violations := dangerous_capability.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"securityContext": {
								"capabilities": {"drop": ["ALL"], "add": ["sys_admin"]},
							},
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_b19_prefix if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/capabilities/add/0",
				"severity": "critical",
			},
			"msg": "container \"build\" adds the capability CAP_SYS_ADMIN",
		},
	}
	violations := dangerous_capability.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"securityContext": {
								"capabilities": {"drop": ["ALL"], "add": ["CAP_SYS_ADMIN"]},
							},
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_b19_all if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/capabilities/add/0",
				"severity": "critical",
			},
			"msg": "container \"build\" adds the capability all",
		},
	}
	violations := dangerous_capability.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"securityContext": {"capabilities": {"drop": ["ALL"], "add": ["all"]}},
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_high if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/capabilities/add/0",
				"severity": "high",
			},
			"msg": "container \"build\" adds the capability NET_ADMIN",
		},
	}
	violations := dangerous_capability.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"securityContext": {
								"capabilities": {"drop": ["ALL"], "add": ["NET_ADMIN"]},
							},
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_others_are_medium if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/capabilities/add/0",
				"severity": "medium",
			},
			"msg": "container \"build\" adds the capability NET_RAW",
		},
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/capabilities/add/1",
				"severity": "medium",
			},
			"msg": "container \"build\" adds the capability CAP_CAP_SYS_ADMIN",
		},
	}
	violations := dangerous_capability.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"securityContext": {
								"capabilities": {
									"drop": ["ALL"],
									"add": ["NET_RAW", "CAP_CAP_SYS_ADMIN"],
								},
							},
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_trace_is_high if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/capabilities/add/0",
				"severity": "high",
			},
			"msg": "container \"build\" adds the capability SYS_PTRACE",
		},
	}
	violations := dangerous_capability.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"securityContext": {
								"capabilities": {"drop": ["ALL"], "add": ["SYS_PTRACE"]},
							},
						},
					],
				},
			},
		},
	}
	violations == expected
}

test_fail_trace_of_the_node_is_critical if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/securityContext/capabilities/add/0",
				"severity": "critical",
			},
			"msg": "container \"build\" adds the capability SYS_PTRACE",
		},
	}
	violations := dangerous_capability.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"securityContext": {
								"capabilities": {"drop": ["ALL"], "add": ["SYS_PTRACE"]},
							},
						},
					],
					"hostPID": true,
				},
			},
		},
	}
	violations == expected
}

test_success_baseline if {
	violations := dangerous_capability.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"securityContext": {
								"capabilities": {
									"drop": ["ALL"],
									"add": ["CAP_SETUID", "setgid", "CHOWN"],
								},
							},
						},
					],
				},
			},
		},
	}
	violations == set()
}

test_success_none if {
	violations := dangerous_capability.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {"containers": [{"name": "build", "image": "alpine:3.22"}]},
			},
		},
	}
	violations == set()
}

test_success_nulls if {
	violations := dangerous_capability.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"containers": [
						{
							"name": "build",
							"image": "alpine:3.22",
							"securityContext": {"capabilities": {"add": null}},
						},
					],
				},
			},
		},
	}
	violations == set()
}
