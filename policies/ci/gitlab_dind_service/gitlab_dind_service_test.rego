package podgate.ci.gitlab_dind_service_test

import rego.v1

import data.podgate.ci.gitlab_dind_service

_input(notes, containers) := {
	"notes": notes,
	"partial": true,
	"review": {"object": {"kind": "Pod", "spec": {"containers": containers}}},
}

_note := {"kind": "setting", "name": "gitlab-job", "pointer": "/build", "field": "services", "values": []}

_daemon := {"name": "svc-0", "image": "docker:27-dind"}

test_fail_service if {
	expected := {{
		"msg": concat(" ", [
			"container \"svc-0\" runs a container daemon (docker:27-dind):",
			"the job needs a runner that makes every container of every job privileged",
		]),
		"details": {"path": "/spec/containers/1/image", "container": "svc-0"},
	}}
	containers := [{"name": "build", "image": "docker:27-cli"}, _daemon]
	violations := gitlab_dind_service.violation with input as _input([_note], containers)
	violations == expected
}

test_success_other_images if {
	containers := [{"name": "build", "image": "moby/buildkit:rootless"}, {"name": "svc-0", "image": "postgres:17"}]
	violations := gitlab_dind_service.violation with input as _input([_note], containers)
	violations == set()
}

test_success_other_systems if {
	violations := gitlab_dind_service.violation with input as _input([object.union(_note, {"name": "x"})], [_daemon])
	violations == set()
}

test_success_no_notes if {
	violations := gitlab_dind_service.violation with input as {"kind": "Pod", "spec": {"containers": [_daemon]}}
	violations == set()
}
