package podgate.ci.openshift_expose_socket_test

import rego.v1

import data.podgate.ci.openshift_expose_socket

_review(notes) := {"notes": notes, "review": {"object": {"kind": "Pod", "spec": {"containers": []}}}}

_note := {
	"kind": "setting",
	"name": "openshift-docker-socket",
	"pointer": "/spec/strategy/customStrategy/exposeDockerSocket",
	"field": "exposeDockerSocket",
	"values": [],
}

test_fail_setting if {
	expected := {{"msg": "exposeDockerSocket mounts the node's runtime socket into the build", "details": {"pointer": _note.pointer}}}
	violations := openshift_expose_socket.violation with input as _review([_note])
	violations == expected
}

test_success_other_settings if {
	violations := openshift_expose_socket.violation with input as _review([object.union(_note, {"name": "other"})])
	violations == set()
}

test_success_no_notes if {
	violations := openshift_expose_socket.violation with input as {"kind": "Pod", "spec": {"containers": []}}
	violations == set()
}
