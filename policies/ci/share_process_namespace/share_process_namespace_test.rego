package podgate.ci.share_process_namespace_test

import rego.v1

import data.podgate.ci.share_process_namespace

test_fail_alone if {
	expected := {
		{
			"msg": "containers see each other's processes (shareProcessNamespace), and files, by /proc/PID/root",
			"details": {
				"fix": [{"op": "replace", "path": "/spec/shareProcessNamespace", "value": false}],
				"path": "/spec/shareProcessNamespace",
				"severity": "medium",
			},
		},
	}
	violations := share_process_namespace.violation with input as _pod({"shareProcessNamespace": true, "containers": [{"name": "build"}]})
	violations == expected
}

test_fail_b24_privileged_neighbour if {
	expected := {
		{
			"msg": concat(" ", [
				"containers see each other's processes (shareProcessNamespace), and container",
				"\"dind\" is privileged",
			]),
			"details": {
				"fix": [{"op": "replace", "path": "/spec/shareProcessNamespace", "value": false}],
				"path": "/spec/shareProcessNamespace",
				"severity": "high",
			},
		},
	}
	violations := share_process_namespace.violation with input as _pod({
		"shareProcessNamespace": "true",
		"containers": [{"name": "build"}, {"name": "dind", "securityContext": {"privileged": true}}],
	})
	violations == expected
}

test_fail_privileged_itself_is_no_neighbour if {
	expected := {
		{
			"msg": "containers see each other's processes (shareProcessNamespace), and files, by /proc/PID/root",
			"details": {
				"fix": [{"op": "replace", "path": "/spec/shareProcessNamespace", "value": false}],
				"path": "/spec/shareProcessNamespace",
				"severity": "medium",
			},
		},
	}
	violations := share_process_namespace.violation with input as _pod({
		"shareProcessNamespace": true,
		"containers": [{"name": "build", "securityContext": {"privileged": true}}],
	})
	violations == expected
}

test_fail_projected_cloud_token if {
	expected := {
		{
			"msg": concat(" ", [
				"containers see each other's processes (shareProcessNamespace), and the pod holds",
				"a token for the cloud",
			]),
			"details": {
				"fix": [{"op": "replace", "path": "/spec/shareProcessNamespace", "value": false}],
				"path": "/spec/shareProcessNamespace",
				"severity": "high",
			},
		},
	}
	violations := share_process_namespace.violation with input as _pod({
		"shareProcessNamespace": true,
		"containers": [{"name": "build"}],
		"volumes": [
			{
				"name": "t",
				"projected": {"sources": [{"serviceAccountToken": {"audience": "sts.amazonaws.com"}}]},
			},
		],
	})
	violations == expected
}

test_fail_cloud_variable if {
	expected := {
		{
			"msg": concat(" ", [
				"containers see each other's processes (shareProcessNamespace), and the pod holds",
				"a token for the cloud",
			]),
			"details": {
				"fix": [{"op": "replace", "path": "/spec/shareProcessNamespace", "value": false}],
				"path": "/spec/shareProcessNamespace",
				"severity": "high",
			},
		},
	}
	violations := share_process_namespace.violation with input as _pod({
		"shareProcessNamespace": true,
		"containers": [{"name": "build", "env": [{"name": "GOOGLE_APPLICATION_CREDENTIALS", "value": "/g"}]}],
	})
	violations == expected
}

test_fail_other_token_is_medium if {
	expected := {
		{
			"msg": "containers see each other's processes (shareProcessNamespace), and files, by /proc/PID/root",
			"details": {
				"fix": [{"op": "replace", "path": "/spec/shareProcessNamespace", "value": false}],
				"path": "/spec/shareProcessNamespace",
				"severity": "medium",
			},
		},
	}
	violations := share_process_namespace.violation with input as _pod({
		"shareProcessNamespace": true,
		"containers": [{"name": "build"}],
		"volumes": [
			{
				"name": "t",
				"projected": {"sources": [{"serviceAccountToken": {"audience": "vault"}}, {"configMap": {}}]},
			},
			{"name": "e"},
		],
	})
	violations == expected
}

test_success_false if {
	violations := share_process_namespace.violation with input as _pod({
		"shareProcessNamespace": false,
		"containers": [{"name": "build"}, {"name": "dind", "securityContext": {"privileged": true}}],
	})
	violations == set()
}

test_success_nulls if {
	violations := share_process_namespace.violation with input as _pod({"containers": null, "initContainers": [null, "x"], "volumes": null, "securityContext": null})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
