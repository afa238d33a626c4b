package lib.podgate.registration_test

import rego.v1

import data.lib.podgate.registration

_options(spec) := [[option.name, option.value, option.next, option.field] |
	some option in registration.options with input as {"spec": {"containers": [spec]}}
]

test_arguments if {
	command := ["gitlab-runner", "register", "--url", "x", "--kubernetes-privileged", "-docker-services_privileged=true"]
	_options({"command": command, "args": ["--docker-volumes", "/a:/b", "docker"]}) == [
		["kubernetes-privileged", "", "-docker-services_privileged=true", "command/4"],
		["docker-services-privileged", "true", "--docker-volumes", "command/5"],
		["docker-volumes", "", "/a:/b", "args/0"],
	]
}

test_scripts if {
	script := "gitlab-runner register \\\n --docker-volumes='/a:/b=c' --docker-privileged\necho register --docker-privileged"
	_options({"args": ["-c", script]}) == [
		["docker-volumes", "/a:/b=c", "--docker-privileged", "args/1"],
		["docker-privileged", "", "", "args/1"],
	]
}

test_other_commands if {
	every args in [["docker", "run", "--docker-privileged"], ["--docker-privileged", "register"], ["register", "--privileged"]] {
		_options({"args": args}) == []
	}
}

test_on if {
	every value in ["", "true", "1", "yes"] {
		registration.is_on({"value": value})
	}
	every value in ["false", "F", "0"] {
		not registration.is_on({"value": value})
	}
}

_settings(env, notes) := found if {
	container := {"name": "a", "env": env}
	found := registration.settings with input as {"notes": notes, "spec": {"containers": [container]}}
}

test_settings if {
	env := [{"name": "X", "value": "a"}, {"name": "DOCKER_VOLUMES", "value": "/$(X)"}, {"name": "DOCKER_PRIVILEGED"}]
	found := _settings(env, [])
	[[one.name, one.value, one.details] | some one in found] == [[
		"DOCKER_VOLUMES",
		"/a",
		{"path": "/spec/containers/0/env/1/value", "container": "a"},
	]]
	_settings(env, [{"kind": "setting", "name": "gitlab-job"}]) == []
}
