package podgate.pss.seccomp_profile_baseline_test

import rego.v1

import data.podgate.pss.seccomp_profile_baseline as policy

test_fail_fields if {
	violations := policy.violation with input as _at("baseline", ["v1.19"], _unconfined)
	violations == {
		{
			"msg": "the pod must not set seccompProfile.type to \"Unconfined\"",
			"details": {"path": "/spec/securityContext/seccompProfile/type"},
		},
		{
			"msg": "container \"build\" must not set seccompProfile.type to \"\"",
			"details": {"container": "build", "path": "/spec/containers/0/securityContext/seccompProfile/type"},
		},
	}
}

test_fail_annotations if {
	every level in ["baseline", "restricted"] {
		violations := policy.violation with input as _annotated(level, "v1.18")
		violations == {
			{
				"msg": "annotation seccomp.security.alpha.kubernetes.io/pod must not set the seccomp profile \"\"",
				"details": {"path": "/metadata/annotations/seccomp.security.alpha.kubernetes.io~1pod"},
			},
			{
				"msg": concat(" ", [
					"annotation container.seccomp.security.alpha.kubernetes.io/build must not set the",
					"seccomp profile \"unconfined\"",
				]),
				"details": {"path": "/metadata/annotations/container.seccomp.security.alpha.kubernetes.io~1build"},
			},
		}
	}
}

test_success_annotations_are_over if {
	violations := policy.violation with input as _annotated("baseline", "v1.19")
	violations == set()
}

test_success_fields_are_not_yet if {
	violations := policy.violation with input as _at("baseline", ["v1.18"], _unconfined)
	violations == set()
}

test_success_restricted_has_its_own_check if {
	violations := policy.violation with input as _at("restricted", ["v1.19"], _unconfined)
	violations == set()
}

test_success_allowed if {
	violations := policy.violation with input as _pod({
		"securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
		"containers": [{"name": "build", "securityContext": {"seccompProfile": null}}, {"name": "none"}],
	})
	violations == set()
}

_unconfined := {
	"securityContext": {"seccompProfile": {"type": "Unconfined"}},
	"containers": [{"name": "build", "securityContext": {"seccompProfile": {}}}],
}

_annotated(level, version) := {
	"review": {"object": {
		"kind": "Pod",
		"metadata": {"annotations": {
			"seccomp.security.alpha.kubernetes.io/pod": "",
			"container.seccomp.security.alpha.kubernetes.io/build": "unconfined",
			"container.seccomp.security.alpha.kubernetes.io/default": "docker/default",
			"container.seccomp.security.alpha.kubernetes.io/own": "localhost/own",
			"container.seccomp.security.alpha.kubernetes.io/missing": "unconfined",
			"else": "unconfined",
		}},
		"spec": {"containers": [{"name": "build"}, {"name": "default"}, {"name": "own"}]},
	}},
	"parameters": {"podSecurity": {level: [version]}},
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}

_at(level, versions, spec) := object.union(_pod(spec), {"parameters": {"podSecurity": {level: versions}}})
