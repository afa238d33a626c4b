package podgate.pss.run_as_non_root_test

import rego.v1

import data.podgate.pss.run_as_non_root as policy

test_fail_missing if {
	violations := policy.violation with input as _pod({
		"initContainers": [{"name": "fetch"}],
		"containers": [
			{"name": "build", "securityContext": {"runAsNonRoot": null}},
			{"name": "good", "securityContext": {"runAsNonRoot": true}},
		],
	})
	violations == {
		{
			"msg": "init container \"fetch\" must set securityContext.runAsNonRoot to true, or the pod must",
			"details": {"container": "fetch", "path": "/spec/initContainers/0"},
		},
		{
			"msg": "container \"build\" must set securityContext.runAsNonRoot to true, or the pod must",
			"details": {"container": "build", "path": "/spec/containers/0"},
		},
	}
}

test_fail_set if {
	violations := policy.violation with input as _pod(_root)
	violations == {
		{
			"msg": "the pod must not set securityContext.runAsNonRoot to false",
			"details": {"path": "/spec/securityContext/runAsNonRoot"},
		},
		{
			"msg": "container \"build\" must not set securityContext.runAsNonRoot to false",
			"details": {"container": "build", "path": "/spec/containers/0/securityContext/runAsNonRoot"},
		},
	}
}

test_fail_user_namespace_before_it_counted if {
	spec := object.union(_root, {"hostUsers": false})
	violations := policy.violation with input as _at("restricted", ["v1.0", "v1.36"], spec)
	count(violations) == 2
}

test_success_user_namespace if {
	spec := object.union(_root, {"hostUsers": false})
	violations := policy.violation with input as _at("restricted", ["v1.35"], spec)
	violations == set()
}

test_success_pod if {
	violations := policy.violation with input as _pod({
		"securityContext": {"runAsNonRoot": true},
		"containers": [{"name": "build"}],
	})
	violations == set()
}

test_success_part_of_a_pod if {
	missing := _pod({"containers": [{"name": "build"}]})
	violations := policy.violation with input as object.union(missing, {"partial": true})
	violations == set()
}

_root := {
	"securityContext": {"runAsNonRoot": false},
	"containers": [{"name": "build", "securityContext": {"runAsNonRoot": false}}, {"name": "open"}],
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}

_at(level, versions, spec) := object.union(_pod(spec), {"parameters": {"podSecurity": {level: versions}}})
