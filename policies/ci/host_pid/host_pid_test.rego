package podgate.ci.host_pid_test

import rego.v1

import data.podgate.ci.host_pid

test_fail_alone_is_high if {
	expected := {
		{
			"details": {
				"fix": [{"op": "remove", "path": "/spec/hostPID"}],
				"path": "/spec/hostPID",
				"severity": "high",
			},
			"msg": "the pod sees every process of the node",
		},
	}
	violations := host_pid.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {"hostPID": true, "containers": [{"name": "build", "image": "alpine:3.22"}]},
			},
		},
	}
	violations == expected
}

test_fail_with_privilege_is_critical if {
	expected := {
		{
			"details": {
				"fix": [{"op": "remove", "path": "/spec/hostPID"}],
				"path": "/spec/hostPID",
				"severity": "critical",
			},
			"msg": "the pod sees every process of the node, and a privileged container can enter them",
		},
	}
	violations := host_pid.violation with input as {
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
							"securityContext": {"privileged": true},
						},
					],
					"hostPID": true,
				},
			},
		},
	}
	violations == expected
}

test_fail_with_capability_is_critical if {
	expected := {
		{
			"details": {
				"fix": [{"op": "remove", "path": "/spec/hostPID"}],
				"path": "/spec/hostPID",
				"severity": "critical",
			},
			"msg": "the pod sees every process of the node, and a container with sys_ptrace can enter them",
		},
	}
	violations := host_pid.violation with input as {
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
								"capabilities": {"drop": ["ALL"], "add": ["sys_ptrace"]},
							},
						},
					],
					"hostPID": "yes",
				},
			},
		},
	}
	violations == expected
}

test_success_false if {
	violations := host_pid.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"name": "agent", "namespace": "ci"},
				"spec": {
					"hostPID": false,
					"containers": [{"name": "build", "image": "alpine:3.22"}],
				},
			},
		},
	}
	violations == set()
}

test_success_missing if {
	violations := host_pid.violation with input as {
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
