package lib.podgate.pod_test

import rego.v1

import data.lib.podgate.pod

test_containers_of_every_kind if {
	got := pod.containers with input as {"review": {"object": {"spec": {
		"initContainers": [{"name": "a"}],
		"containers": [{"name": "b"}, null, "x"],
		"ephemeralContainers": [{}],
	}}}}
	got == [
		{"list": "initContainers", "index": 0, "name": "a", "spec": {"name": "a"}},
		{"list": "containers", "index": 0, "name": "b", "spec": {"name": "b"}},
		{"list": "ephemeralContainers", "index": 0, "name": "", "spec": {}},
	]
}

test_no_fact_without_a_pod if {
	every nothing in [null, {}, [], "x", {"review": {"object": null}}, {"review": {"object": {"spec": null}}}] {
		pod.containers == [] with input as nothing
		pod.privileged == [] with input as nothing
		pod.capabilities == [] with input as nothing
		pod.host_namespaces == [] with input as nothing
		pod.ports == [] with input as nothing
		pod.host_ports == [] with input as nothing
	}
}

test_truthy if {
	every value in [true, "true", "True", "yes", "on", "Y"] {
		pod.truthy(value)
	}
	every value in [false, "false", "no", "", 1, null] {
		not pod.truthy(value)
	}
}
