package podgate.ci.ephemeral_containers_stored_test

import rego.v1

import data.podgate.ci.ephemeral_containers_stored

test_fail_b11_one if {
	expected := {
		{
			"details": {"at": "key", "path": "/spec/ephemeralContainers"},
			"msg": concat(" ", [
				"the manifest holds ephemeral containers (1): they were added to a running",
				"pod, past whatever judged it when it was created",
			]),
		},
	}
	violations := ephemeral_containers_stored.violation with input as _pod({
		"containers": [{"name": "build"}],
		"ephemeralContainers": [{"name": "debugger"}],
	})
	violations == expected
}

test_success_none if {
	violations := ephemeral_containers_stored.violation with input as _pod({
		"containers": [{"name": "build"}],
		"ephemeralContainers": [],
	})
	violations == set()
}

test_success_nulls if {
	violations := ephemeral_containers_stored.violation with input as _pod({
		"containers": null,
		"initContainers": [null, "x"],
		"volumes": null,
		"securityContext": null,
		"ephemeralContainers": null,
		"hostAliases": null,
	})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
