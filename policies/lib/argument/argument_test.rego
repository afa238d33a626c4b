package lib.podgate.argument_test

import rego.v1

import data.lib.podgate.escape

test_arguments_that_reach_the_node if {
	scripts := [
		"set -- --privileged x\ndocker run \"$@\"",
		"set -- -it\nset -- \"$@\" --privileged\ndocker run \"$@\" x",
		"set  -- --privileged; docker run \"$@\" x",
		"set\t--\t--privileged; docker run \"$@\" x",
		"set -- run --privileged x; docker $@",
		"set -- run --privileged x; docker $*",
		"set -- docker run --privileged x; exec \"$@\"",
		"set -- a --privileged; docker run \"${@:2}\" x; shift",
		"if true; then set -- --privileged; fi; docker run ${@} x",
		"set -- --privileged; docker run $1 x",
		"O=--privileged; set -- $O; docker run \"$@\" x",
		"set -- --privileged; O=\"$*\"; docker run $O x",
		"d() { docker run --rm \"$@\"; }\nd --privileged x",
		"d() {\n  sudo docker run \"$@\" x\n}\nif ! d --privileged; then exit 1; fi",
		"function d {\n  docker run \"$1\" x\n}\nd --privileged",
		"d() (\n  docker run ${1} x\n)\nd --privileged",
		"d() { n=$1; shift; docker run --name $n \"$@\"; }\nd a --privileged x",
	]
	every script in scripts {
		"docker run --privileged" in _said(script)
	}
	_said("d() { docker run -v \"$1\":/h x; }\nd /") == ["docker run -v /:/h"]
	_said("set -- /etc /srv/x; docker run -v $1:/a x; docker run -v $2:/a x") == ["docker run -v /etc:/a"]
}

test_arguments_that_reach_nothing if {
	scripts := [
		"set -- --rm x\ndocker run \"$@\"",
		"set -- x --privileged\ndocker run \"$@\"",
		"set -- --privileged\ndocker build \"$@\"",
		"set -x -- --privileged; docker run x",
		"d() { docker run \"$@\"; }\nd --rm x; e --privileged x",
		"d() { docker run \"$@\"; }\nd x --privileged",
		"log() { echo \"$@\"; }\nd() {\n  docker run \"$@\"\n}\nlog --privileged; d x",
		"log() ( echo \"docker: $@\" )\nd() {\n  docker run \"$2\"\n}\nlog docker run --privileged; d a x",
		"d() { docker build \"$@\"; }\nd --privileged x",
	]
	every script in scripts {
		_said(script) == []
	}
}

test_more_arguments_than_are_read if {
	lines := [_eight | some _ in split(_eight, " "); some _ in [1, 2, 3]]
	words := concat(" ", lines)
	_said(sprintf("set -- %v\ndocker run \"$@\" x", [words])) == ["docker run with more values of a variable than are judged"]
}

_eight := "-a -b -c -d -e -f -g -h"

_said(script) := got if {
	got := [found.what | some found in escape.commands] with input as {"review": {"object": {
		"kind": "Pod",
		"spec": {"containers": [{"name": "a", "args": [script]}]},
	}}}
}
