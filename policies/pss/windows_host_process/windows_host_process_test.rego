package podgate.pss.windows_host_process_test

import rego.v1

import data.podgate.pss.windows_host_process as policy

test_fail if {
	violations := policy.violation with input as _pod({
		"os": {"name": "windows"},
		"securityContext": {"windowsOptions": {"hostProcess": true}},
		"containers": [{"name": "build", "securityContext": {"windowsOptions": {"hostProcess": true}}}],
	})
	violations == {
		{
			"msg": "the pod must not set windowsOptions.hostProcess to true",
			"details": {"path": "/spec/securityContext/windowsOptions/hostProcess"},
		},
		{
			"msg": "container \"build\" must not set windowsOptions.hostProcess to true",
			"details": {"container": "build", "path": "/spec/containers/0/securityContext/windowsOptions/hostProcess"},
		},
	}
}

test_success if {
	violations := policy.violation with input as _pod({
		"securityContext": {"windowsOptions": null},
		"containers": [{"name": "build", "securityContext": {"windowsOptions": {"hostProcess": false}}}],
	})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
