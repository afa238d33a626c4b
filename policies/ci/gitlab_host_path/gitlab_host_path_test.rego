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

_found(msg, severity) := {found} if {
	found := {"msg": msg, "details": {"pointer": _note.pointer, "severity": severity}}
}

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

_set(name, value, notes) := {
	"notes": notes,
	"review": {"object": {"spec": {"containers": [{"name": "runner", "env": [{"name": name, "value": value}]}]}}},
}

test_fail_variables if {
	socket := "/var/run/docker.sock:/var/run/docker.sock"
	every name in [
		"DOCKER_VOLUMES",
		"DRONE_RUNNER_VOLUMES",
		"WOODPECKER_BACKEND_DOCKER_VOLUMES",
		"WOODPECKER_VOLUME",
	] {
		msg := concat(" ", [
			`container "runner" mounts /var/run/docker.sock, which is or holds a runtime socket,`,
			sprintf("into every container of every job (%v)", [name]),
		])
		details := {"path": "/spec/containers/0/env/0/value", "container": "runner", "severity": "critical"}
		every value in [
			socket,
			sprintf("/cache,%v", [socket]),
			sprintf("%v:ro, /cache", [socket]),
			sprintf("/cache %v\n", [socket]),
		] {
			violations := gitlab_host_path.violation with input as _set(name, value, [])
			violations == {{"msg": msg, "details": details}}
		}
	}
}

test_fail_variable_with_another_one_in_it if {
	env := [{"name": "PLACE", "value": "/run"}, {"name": "DRONE_RUNNER_VOLUMES", "value": "$(PLACE):/x"}]
	msg := concat(" ", [
		`container "runner" mounts /run, which is or holds a runtime socket,`,
		"into every container of every job (DRONE_RUNNER_VOLUMES)",
	])
	details := {"path": "/spec/containers/0/env/1/value", "container": "runner", "severity": "critical"}
	pod := {"review": {"object": {"spec": {"containers": [{"name": "runner", "env": env}]}}}}
	violations := gitlab_host_path.violation with input as pod
	violations == {{"msg": msg, "details": details}}
}

test_success_variables if {
	every value in ["", "/cache", "certs:/var/run/docker.sock", "-v /var/run/docker.sock:/x", null, 1] {
		violations := gitlab_host_path.violation with input as _set("DOCKER_VOLUMES", value, [])
		violations == set()
	}
	every name in ["DRONE_RUNNER_PRIVILEGED_IMAGES", "VOLUMES"] {
		violations := gitlab_host_path.violation with input as _set(name, "/var/run/docker.sock:/x", [])
		violations == set()
	}
}

test_success_variable_of_a_job if {
	note := object.union(_note, {"name": "gitlab-job"})
	violations := gitlab_host_path.violation with input as _set("DOCKER_VOLUMES", "/var/run/docker.sock:/x", [note])
	violations == set()
}
