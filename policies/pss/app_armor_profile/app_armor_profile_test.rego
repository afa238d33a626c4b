package podgate.pss.app_armor_profile_test

import rego.v1

import data.podgate.pss.app_armor_profile as policy

test_fail_pod_and_containers if {
	unconfined := {"appArmorProfile": {"type": "Unconfined"}}
	violations := policy.violation with input as _pod({
		"securityContext": unconfined,
		"initContainers": [{"name": "fetch", "securityContext": unconfined}],
		"containers": [
			{"name": "build", "securityContext": {"appArmorProfile": {}}},
			{"name": "good", "securityContext": {"appArmorProfile": {"type": "RuntimeDefault"}}},
		],
		"ephemeralContainers": [{"name": "debug", "securityContext": {"appArmorProfile": {"type": null}}}],
	})
	violations == {
		{
			"msg": "the pod must not set the AppArmor profile type to \"Unconfined\"",
			"details": {"path": "/spec/securityContext/appArmorProfile/type"},
		},
		{
			"msg": "init container \"fetch\" must not set the AppArmor profile type to \"Unconfined\"",
			"details": {
				"container": "fetch",
				"path": "/spec/initContainers/0/securityContext/appArmorProfile/type",
			},
		},
		{
			"msg": "container \"build\" must not set the AppArmor profile type to \"\"",
			"details": {"container": "build", "path": "/spec/containers/0/securityContext/appArmorProfile/type"},
		},
		{
			"msg": "ephemeral container \"debug\" must not set the AppArmor profile type to \"\"",
			"details": {
				"container": "debug",
				"path": "/spec/ephemeralContainers/0/securityContext/appArmorProfile/type",
			},
		},
	}
}

test_fail_annotation if {
	violations := policy.violation with input as _annotated({
		"container.apparmor.security.beta.kubernetes.io/a~b": "unconfined",
		"container.apparmor.security.beta.kubernetes.io/default": "runtime/default",
		"container.apparmor.security.beta.kubernetes.io/empty": "",
		"container.apparmor.security.beta.kubernetes.io/null": null,
		"container.apparmor.security.beta.kubernetes.io/own": "localhost/own",
		"else": "unconfined",
	})
	key := "container.apparmor.security.beta.kubernetes.io/a~b"
	violations == {{
		"msg": sprintf("annotation %v must not set the AppArmor profile \"unconfined\"", [key]),
		"details": {"path": "/metadata/annotations/container.apparmor.security.beta.kubernetes.io~1a~0b"},
	}}
}

test_success_allowed if {
	localhost := {"appArmorProfile": {"type": "Localhost", "localhostProfile": "own"}}
	violations := policy.violation with input as _pod({
		"securityContext": localhost,
		"containers": [
			{"name": "build", "securityContext": localhost},
			{"name": "null", "securityContext": {"appArmorProfile": null}},
			{"name": "none", "securityContext": null},
		],
	})
	violations == set()
}

test_success_no_annotations if {
	violations := policy.violation with input as _annotated(null)
	violations == set()
}

_annotated(annotations) := {"review": {"object": {
	"kind": "Pod",
	"metadata": {"annotations": annotations},
	"spec": {"containers": [{"name": "build"}]},
}}}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
