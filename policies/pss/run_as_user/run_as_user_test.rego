package podgate.pss.run_as_user_test

import rego.v1

import data.podgate.pss.run_as_user as policy

test_fail if {
	violations := policy.violation with input as _at("restricted", ["v1.23"], _root)
	violations == {
		{
			"msg": "the pod must not set securityContext.runAsUser to 0",
			"details": {"path": "/spec/securityContext/runAsUser"},
		},
		{
			"msg": "container \"build\" must not set securityContext.runAsUser to 0",
			"details": {"container": "build", "path": "/spec/containers/0/securityContext/runAsUser"},
		},
	}
}

test_fail_user_namespace_before_it_counted if {
	spec := object.union(_root, {"hostUsers": false})
	violations := policy.violation with input as _at("restricted", ["v1.34", "latest"], spec)
	count(violations) == 2
}

test_success_user_namespace if {
	violations := policy.violation with input as _pod(object.union(_root, {"hostUsers": false}))
	violations == set()
}

test_success_before_the_check if {
	violations := policy.violation with input as _at("restricted", ["v1.22"], _root)
	violations == set()
}

test_success_others if {
	violations := policy.violation with input as _pod({
		"securityContext": {"runAsUser": 1000},
		"containers": [{"name": "build", "securityContext": {"runAsUser": null}}],
	})
	violations == set()
}

_root := {
	"securityContext": {"runAsUser": 0},
	"containers": [
		{"name": "build", "securityContext": {"runAsUser": 0}},
		{"name": "good", "securityContext": {"runAsUser": 1000}},
	],
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}

_at(level, versions, spec) := object.union(_pod(spec), {"parameters": {"podSecurity": {level: versions}}})
