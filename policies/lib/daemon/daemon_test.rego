package lib.podgate.daemon_test

import rego.v1

import data.lib.podgate.daemon

test_phrases_that_start_a_daemon if {
	cases := {
		"kind create cluster": ["it runs kind create cluster"],
		"kind  create\tcluster --name x": ["it runs kind create cluster"],
		"sudo podman  system service -t 0": ["it runs podman system service"],
		"podman\tsystem \\\n  service": ["it runs podman system service"],
		"kind  delete cluster": [],
		"kind; create cluster": [],
		"echo kind  create cluster": [],
		"podman system  df": [],
	}
	every script, reasons in cases {
		_reasons(["sh", "-c", script]) == reasons
		_reasons([sprintf("sh -c \"%v\"", [script])]) == reasons
	}
}

_reasons(args) := got if {
	got := [found.reason | some found in daemon.daemons] with input as {"review": {"object": {
		"kind": "Pod",
		"spec": {"containers": [{"name": "a", "args": args}]},
	}}}
}
