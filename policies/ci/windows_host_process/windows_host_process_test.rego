package podgate.ci.windows_host_process_test

import rego.v1

import data.podgate.ci.windows_host_process

test_fail_pod if {
	expected := {
		{
			"details": {"path": "/spec/securityContext/windowsOptions/hostProcess"},
			"msg": "the pod runs as a process of the Windows node itself, with all that is on it",
		},
	}
	violations := windows_host_process.violation with input as _pod({
		"containers": [{"name": "build"}],
		"securityContext": {"windowsOptions": {"hostProcess": true}},
	})
	violations == expected
}

test_fail_b26_container_alone if {
	expected := {
		{
			"details": {
				"container": "second",
				"path": "/spec/containers/1/securityContext/windowsOptions/hostProcess",
			},
			"msg": concat(" ", [
				"container \"second\" runs as a process of the Windows node itself, with all",
				"that is on it",
			]),
		},
	}
	violations := windows_host_process.violation with input as _pod({
		"containers": [
			{"name": "build"},
			{"name": "second", "securityContext": {"windowsOptions": {"hostProcess": true}}},
		],
		"os": {"name": "windows"},
	})
	violations == expected
}

test_fail_words if {
	expected := {
		{
			"details": {
				"container": "prepare",
				"path": "/spec/initContainers/0/securityContext/windowsOptions/hostProcess",
			},
			"msg": concat(" ", [
				"init container \"prepare\" runs as a process of the Windows node itself,",
				"with all that is on it",
			]),
		},
	}
	violations := windows_host_process.violation with input as _pod({
		"initContainers": [
			{
				"name": "prepare",
				"securityContext": {"windowsOptions": {"hostProcess": "true"}},
			},
		],
	})
	violations == expected
}

test_success_false if {
	violations := windows_host_process.violation with input as _pod({
		"containers": [{"name": "build", "securityContext": {"windowsOptions": {"hostProcess": false}}}],
		"securityContext": {"windowsOptions": {"runAsUserName": "ContainerUser"}},
	})
	violations == set()
}

test_success_nulls if {
	violations := windows_host_process.violation with input as _pod({
		"containers": [{"name": "build", "securityContext": {"windowsOptions": null}}],
		"securityContext": null,
	})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
