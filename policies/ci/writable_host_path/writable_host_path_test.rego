package podgate.ci.writable_host_path_test

import rego.v1

import data.podgate.ci.writable_host_path

test_fail_read_only_missing if {
	expected := {
		{
			"msg": "container \"build\" can write to /data/cache on the node, volume \"node\"",
			"details": {
				"container": "build",
				"fix": [
					{
						"op": "add",
						"path": "/spec/containers/0/volumeMounts/0/readOnly",
						"value": true,
					},
				],
				"path": "/spec/containers/0/volumeMounts/0",
			},
		},
	}
	violations := writable_host_path.violation with input as _host_path({"path": "/data/cache"}, {})
	violations == expected
}

test_fail_read_only_false if {
	expected := {
		{
			"msg": "container \"build\" can write to /var/log on the node, volume \"node\"",
			"details": {
				"container": "build",
				"fix": [
					{
						"op": "add",
						"path": "/spec/containers/0/volumeMounts/0/readOnly",
						"value": true,
					},
				],
				"path": "/spec/containers/0/volumeMounts/0",
			},
		},
	}
	violations := writable_host_path.violation with input as _host_path({"path": "/var/log"}, {"readOnly": false})
	violations == expected
}

test_fail_unresolved if {
	expected := {
		{
			"msg": "container \"build\" can write to ${CACHE} on the node, volume \"node\"",
			"details": {
				"container": "build",
				"fix": [
					{
						"op": "add",
						"path": "/spec/containers/0/volumeMounts/0/readOnly",
						"value": true,
					},
				],
				"path": "/spec/containers/0/volumeMounts/0",
			},
		},
	}
	violations := writable_host_path.violation with input as _host_path({"path": "${CACHE}"}, {})
	violations == expected
}

test_fail_b06_harmless_part_of_var if {
	expected := {
		{
			"msg": "container \"build\" can write to /var/cache/maven on the node, volume \"node\"",
			"details": {
				"container": "build",
				"fix": [
					{
						"op": "add",
						"path": "/spec/containers/0/volumeMounts/0/readOnly",
						"value": true,
					},
				],
				"path": "/spec/containers/0/volumeMounts/0",
			},
		},
	}
	violations := writable_host_path.violation with input as _host_path({"path": "/var"}, {"subPath": "cache/maven"})
	violations == expected
}

test_fail_part_of_a_path_that_ends_in_a_slash if {
	found := {msg |
		some path in ["/", "/data/"]
		some part in ["$(D)", "{{ .x }}"]
		violations := writable_host_path.violation with input as _host_path({"path": path}, {"subPathExpr": part})
		some msg in [violation.msg | some violation in violations]
	}
	found == {
		"container \"build\" can write to /$(D) on the node, volume \"node\"",
		"container \"build\" can write to /{{ .x }} on the node, volume \"node\"",
		"container \"build\" can write to /data/$(D) on the node, volume \"node\"",
		"container \"build\" can write to /data/{{ .x }} on the node, volume \"node\"",
	}
}

test_success_read_only if {
	violations := writable_host_path.violation with input as _host_path({"path": "/data/cache"}, {"readOnly": true})
	violations == set()
}

test_success_not_mounted if {
	violations := writable_host_path.violation with input as _pod({
		"volumes": [{"name": "node", "hostPath": {"path": "/data/cache"}}],
		"containers": [{"name": "build"}],
	})
	violations == set()
}

test_success_socket_is_another_finding if {
	violations := writable_host_path.violation with input as _host_path({"path": "/var/run/docker.sock"}, {})
	violations == set()
}

test_success_parent_is_another_finding if {
	violations := writable_host_path.violation with input as _host_path({"path": "/run"}, {})
	violations == set()
}

test_success_device if {
	violations := writable_host_path.violation with input as _host_path({"path": "/dev/kvm"}, {})
	violations == set()
}

test_success_f01_empty_dir if {
	violations := writable_host_path.violation with input as _pod({
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

_host_path(source, mount) := _pod({
	"containers": [{
		"name": "build",
		"volumeMounts": [object.union({"name": "node", "mountPath": "/host"}, mount)],
	}],
	"volumes": [{"name": "node", "hostPath": source}],
})

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
