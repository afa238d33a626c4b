package podgate.ci.gitlab_privileged_test

import rego.v1

import data.podgate.ci.gitlab_privileged

_review(notes) := {"notes": notes, "review": {"object": {"kind": "Pod", "spec": {"containers": []}}}}

_note := {
	"kind": "setting",
	"name": "gitlab-privileged",
	"pointer": "/runners/0/kubernetes/privileged",
	"field": "privileged",
	"values": ["helper", "service"],
}

test_fail_privileged if {
	expected := {{
		"msg": "the runner makes containers of every job privileged (helper, service)",
		"details": {"pointer": "/runners/0/kubernetes/privileged"},
	}}
	violations := gitlab_privileged.violation with input as _review([_note])
	violations == expected
}

test_success_other_settings if {
	violations := gitlab_privileged.violation with input as _review([object.union(_note, {"name": "other"})])
	violations == set()
}

test_success_no_notes if {
	violations := gitlab_privileged.violation with input as {"kind": "Pod", "spec": {"containers": []}}
	violations == set()
}

_runner(value, notes) := _set("KUBERNETES_PRIVILEGED", value, notes)

_set(name, value, notes) := object.union(_review(notes), {"review": {"object": {"spec": {"containers": [{
	"name": "runner",
	"env": [{"name": name, "value": value}],
}]}}}})

test_fail_registration if {
	expected := {{
		"msg": `container "runner" registers a runner that makes all containers of every job privileged`,
		"details": {"path": "/spec/containers/0/env/0/value", "container": "runner"},
	}}
	every value in ["true", "1", "T"] {
		violations := gitlab_privileged.violation with input as _runner(value, [])
		violations == expected
	}
}

test_fail_registration_with_docker if {
	every name, what in {"DOCKER_PRIVILEGED": "all containers", "DOCKER_SERVICES_PRIVILEGED": "all services"} {
		msg := sprintf(`container "runner" registers a runner that makes %v of every job privileged`, [what])
		details := {"path": "/spec/containers/0/env/0/value", "container": "runner"}
		violations := gitlab_privileged.violation with input as _set(name, "true", [])
		violations == {{"msg": msg, "details": details}}
	}
}

test_success_other_variables if {
	every name in ["DOCKER_HOST", "DOCKER_VOLUMES", "docker_privileged", "PRIVILEGED"] {
		violations := gitlab_privileged.violation with input as _set(name, "true", [])
		violations == set()
	}
}

test_success_registration if {
	every value in ["false", "", "0", null] {
		violations := gitlab_privileged.violation with input as _runner(value, [])
		violations == set()
	}
}

test_success_variable_of_a_job if {
	note := object.union(_note, {"name": "gitlab-job"})
	violations := gitlab_privileged.violation with input as _runner("true", [note])
	violations == set()
}

_command(args) := {"review": {"object": {"spec": {"containers": [{"name": "runner", "args": args}]}}}}

test_fail_registration_by_an_option if {
	cases := {
		"--docker-privileged": "all containers",
		"--docker-services_privileged=1": "all services",
		"--kubernetes-privileged": "all containers",
		"-kubernetes-privileged=true": "all containers",
	}
	every option, what in cases {
		msg := sprintf(`container "runner" registers a runner that makes %v of every job privileged`, [what])
		expected := {{"msg": msg, "details": {"path": "/spec/containers/0/args/1", "container": "runner"}}}
		violations := gitlab_privileged.violation with input as _command(["register", option])
		violations == expected
	}
}

test_fail_registration_in_a_script if {
	expected := {{
		"msg": `container "runner" registers a runner that makes all containers of every job privileged`,
		"details": {
			"path": "/spec/containers/0/args/0",
			"container": "runner",
			"line": "gitlab-runner register --docker-privileged",
		},
	}}
	violations := gitlab_privileged.violation with input as _command(["set -e\ngitlab-runner register --docker-privileged\n"])
	violations == expected
}

test_success_registration_by_an_option if {
	every args in [
		["register", "--docker-privileged=false"],
		["register", "--docker-image", "docker"],
		["run", "--docker-privileged"],
		["echo gitlab-runner register --docker-privileged"],
	] {
		violations := gitlab_privileged.violation with input as _command(args)
		violations == set()
	}
}
