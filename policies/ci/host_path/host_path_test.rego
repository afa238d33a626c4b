package podgate.ci.host_path_test

import rego.v1

import data.podgate.ci.host_path

test_fail_any_directory if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts /data/cache from the node: builds that share a directory of the",
				"node reach each other through it",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "medium"},
		},
	}
	violations := host_path.violation with input as _host_path({"path": "/data/cache"}, {})
	violations == expected
}

test_fail_b08_perhaps_a_link if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts /data/x from the node: builds that share a directory of the node",
				"reach each other through it",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "medium"},
		},
	}
	violations := host_path.violation with input as _host_path({"path": "/data/x"}, {"readOnly": true})
	violations == expected
}

test_fail_f02_longer_name if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts /var/runner/cache from the node: builds that share a directory",
				"of the node reach each other through it",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "medium"},
		},
	}
	violations := host_path.violation with input as _host_path({"path": "/var/runner/cache"}, {})
	violations == expected
}

test_fail_unresolved_variable if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts $(DIR)/docker.sock from the node: the path cannot be resolved",
				"here, so it may be any place of the node",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "medium"},
		},
	}
	violations := host_path.violation with input as _host_path({"path": "$(DIR)/docker.sock"}, {})
	violations == expected
}

test_fail_unresolved_template if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts {{ .Values.path }} from the node: the path cannot be resolved",
				"here, so it may be any place of the node",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "medium"},
		},
	}
	violations := host_path.violation with input as _host_path({"path": "{{ .Values.path }}"}, {})
	violations == expected
}

test_fail_unresolved_shell if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts ${HOME}/.m2 from the node: the path cannot be resolved here, so",
				"it may be any place of the node",
			]),
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "medium"},
		},
	}
	violations := host_path.violation with input as _host_path({"path": "${HOME}/.m2"}, {})
	violations == expected
}

test_fail_without_a_path if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"node\" mounts a path that is missing from the node: the path cannot be",
				"resolved here, so it may be any place of the node",
			]),
			"details": {"path": "/spec/volumes/0/hostPath", "severity": "medium"},
		},
	}
	violations := host_path.violation with input as _host_path({}, {})
	violations == expected
}

test_success_sensitive_is_another_finding if {
	violations := host_path.violation with input as _host_path({"path": "/etc"}, {})
	violations == set()
}

test_success_f01_empty_dir if {
	violations := host_path.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"volumeMounts": [
					{"name": "run", "mountPath": "/var/run"},
					{"name": "memory", "mountPath": "/var/lib/docker"},
				],
			},
		],
		"volumes": [
			{"name": "run", "emptyDir": {}},
			{"name": "memory", "emptyDir": {"medium": "Memory"}},
		],
	})
	violations == set()
}

test_success_null if {
	violations := host_path.violation with input as _pod({
		"volumes": [{"name": "node", "hostPath": null}],
		"containers": [{"name": "build"}],
	})
	violations == set()
}

_host_path(source, mount) := _pod({
	"containers": [{
		"name": "build",
		"volumeMounts": [object.union({"name": "node", "mountPath": "/host"}, mount)],
	}],
	"volumes": [{"name": "node", "hostPath": source}],
})

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
