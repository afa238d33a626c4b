package podgate.ci.azure_map_docker_socket_test

import rego.v1

import data.podgate.ci.azure_map_docker_socket

_review(notes) := {"notes": notes, "review": {"object": {"kind": "Pod", "spec": {"containers": []}}}}

_note := {
	"kind": "setting",
	"name": "azure-docker-socket",
	"pointer": "/resources/containers/0",
	"field": "mapDockerSocket",
	"values": ["default"],
}

test_fail_setting if {
	expected := {{
		"msg": "agents before 5.279 mount their Docker socket into this container: `mapDockerSocket` is not written",
		"details": {"pointer": _note.pointer, "severity": "medium"},
	}}
	violations := azure_map_docker_socket.violation with input as _review([_note])
	violations == expected
}

test_fail_as_written if {
	expected := {{
		"msg": "the agent mounts its Docker socket into this container",
		"details": {"pointer": _note.pointer},
	}}
	note := object.union(_note, {"values": ["written"]})
	violations := azure_map_docker_socket.violation with input as _review([note])
	violations == expected
}

test_success_other_settings if {
	violations := azure_map_docker_socket.violation with input as _review([object.union(_note, {"name": "other"})])
	violations == set()
}

test_success_no_notes if {
	violations := azure_map_docker_socket.violation with input as {"kind": "Pod", "spec": {"containers": []}}
	violations == set()
}
