package lib.podgate.docker_test

import rego.v1

import data.lib.podgate.docker

test_contexts if {
	told := ["uses the Docker API without TLS at tcp://build:2375"]
	scripts := [
		"docker context create x --docker host=tcp://build:2375",
		"docker context create x --description y --docker=host=tcp://build:2375",
		"docker context create --docker \"host=tcp://build:2375,skip-tls-verify=true\" x",
	]
	every script in scripts {
		_said(script) == told
	}
	_said("docker context create x --docker host=tcp://build:2376") == ["uses the Docker API without TLS at tcp://build:2376"]
	none := [
		"docker context create x --docker host=tcp://build:2376,ca=a,cert=b,key=c",
		"docker context create x --docker host=ssh://build",
		"docker context create x --docker host=unix:///var/run/docker.sock",
		"tool --other host=tcp://build:2375",
		"host=tcp://build:2375",
	]
	every script in none {
		_said(script) == []
	}
}

_said(script) := got if {
	got := [found.text | some found in docker.endpoints] with input as {"review": {"object": {
		"kind": "Pod",
		"spec": {"containers": [{"name": "a", "args": [script]}]},
	}}}
}
