package podgate.ci.gitlab_host_path_test

import rego.v1

import data.podgate.ci.gitlab_host_path

_review(notes) := {"notes": notes, "review": {"object": {"kind": "Pod", "spec": {"containers": []}}}}

_note := {
	"kind": "setting",
	"name": "gitlab-host-path",
	"pointer": "/runners/0/kubernetes/volumes/host_path/0/host_path",
	"field": "host_path",
	"values": ["/run"],
}

_found(msg, severity) := {{"msg": msg, "details": {"pointer": _note.pointer, "severity": severity}}}

test_fail_directory_of_a_socket if {
	msg := "/run, which is or holds a runtime socket of the node, in every container of every job"
	violations := gitlab_host_path.violation with input as _review([_note])
	violations == _found(msg, "critical")
}

test_fail_socket_by_its_mount_path if {
	note := object.union(_note, {"field": "mount_path", "values": ["/var/run/docker.sock"]})
	msg := concat(" ", [
		"/var/run/docker.sock, which is or holds a runtime socket of the node:",
		"without `host_path` it is the `mount_path`, in every container of every job",
	])
	violations := gitlab_host_path.violation with input as _review([note])
	violations == _found(msg, "critical")
}

test_fail_variable if {
	note := object.union(_note, {"values": ["/srv/$CI_PROJECT_PATH"]})
	msg := "a place that a variable decides (/srv/$CI_PROJECT_PATH) of the node, in every container of every job"
	violations := gitlab_host_path.violation with input as _review([note])
	violations == _found(msg, "high")
}

test_success_other_places if {
	violations := gitlab_host_path.violation with input as _review([object.union(_note, {"values": ["/srv/cache"]})])
	violations == set()
}

test_success_other_settings if {
	violations := gitlab_host_path.violation with input as _review([object.union(_note, {"name": "other"})])
	violations == set()
}

test_success_no_notes if {
	violations := gitlab_host_path.violation with input as {"kind": "Pod", "spec": {"containers": []}}
	violations == set()
}

_command(args) := {"review": {"object": {"spec": {"containers": [{"name": "runner", "args": args}]}}}}

test_fail_registration if {
	every args in [
		["register", "--docker-volumes", "/var/run/docker.sock:/var/run/docker.sock"],
		["register", "--docker-volumes=/var/run/docker.sock:/x:ro"],
	] {
		msg := concat(" ", [
			`container "runner" registers a runner with /var/run/docker.sock, which is or holds a runtime socket`,
			"of the node, in every container of every job",
		])
		details := {"path": "/spec/containers/0/args/1", "container": "runner", "severity": "critical"}
		violations := gitlab_host_path.violation with input as _command(args)
		violations == {{"msg": msg, "details": details}}
	}
}

test_success_registration if {
	every args in [
		["register", "--docker-volumes", "/cache"],
		["register", "--docker-volumes", "certs:/certs"],
		["register", "--docker-image", "/var/run/docker.sock:/x"],
		["run", "--docker-volumes", "/var/run/docker.sock:/x"],
	] {
		violations := gitlab_host_path.violation with input as _command(args)
		violations == set()
	}
}
