package lib.podgate.function_test

import rego.v1

import data.lib.podgate.escape
import data.lib.podgate.function

test_what_prints if {
	bodies := [
		"say() { echo \"$@\"; }",
		"say () {\n  echo \"$*\" >&2\n}",
		"say()\n{\n\tlocal level=\"$1\"; shift\n\tprintf '%s; %s\\n' \"$level\" \"$*\"\n}\nls",
		"function say {\n  echo -e \"\\033[1;34m[$(date +%T)] it's ${1}\\033[0m\" | tee -a log\n}",
		"function say() {\n  # eval\n  if [ -n \"$1\" ]; then\n    echo \"x\"\n    exit 1\n  fi\n}",
		"a() { \"$@\"; }\nsay() { echo; }",
	]
	every body in bodies {
		"say" in function.known(body).prints
		_said(sprintf("%v\nsay \"docker run --privileged x\"", [body])) == []
		_said(sprintf("%v\nsay docker run --privileged x", [body])) == []
		_said(sprintf("%v\nsay a; docker run --privileged x", [body])) == ["docker run --privileged"]
	}
}

test_what_may_run if {
	bodies := [
		"() { \"$@\"; }",
		"() { echo \"$@\"; $@; }",
		"() {\n  echo \"+ $*\"\n  if ! \"$@\"; then exit 1; fi\n}",
		"() { echo \"$1\" | sh -c; }",
		"() { eval \"$1\"; }",
		"() { echo $(\"$@\"); }",
		"() { out=\"$($@)\"; echo \"$out\"; }",
		"() { echo `$1`; }",
		"() { sudo \"$@\"; }",
		"() {\n  echo it's\n  \"$@\"\n}",
		"() {\n  {\n    \"$@\"\n  }\n}",
		"() { echo a",
	]
	every body in bodies {
		every name in ["log", "info"] {
			function.known(concat("", [name, body])) == {"prints": set(), "runs": {name}}
			_said(sprintf("%v%v\n%v docker run --privileged x", [name, body, name])) == ["docker run --privileged"]
			_said(sprintf("%v%v\n%v \"docker run --privileged x\"", [name, body, name])) == ["docker run --privileged"]
		}
		function.known(concat("", ["say", body])) == {"prints": set(), "runs": set()}
		_said(sprintf("say%v\nsay docker run --privileged x", [body])) == ["docker run --privileged"]
	}
	_said("say() { echo \"$@\" > x.sh; }\nsay docker run --privileged x") == ["docker run --privileged"]
	_said("say() { echo; }\nsay() { \"$@\"; }\nsay docker run --privileged x") == ["docker run --privileged"]
}

test_names_that_print if {
	scripts := [
		"log \"docker run --privileged x\"",
		"fail 'docker run --privileged x'",
		"log_info docker run --privileged x",
		"log() {\n  case \"$1\" in\n    \"a\") x=1 ;;\n  esac\n  color \"$x\"\n}\nlog \"docker run --privileged x\"",
	]
	every script in scripts {
		_said(script) == []
	}
	_said("retry 'docker run --privileged x'") == ["docker run --privileged"]
	_said("log_and_run docker run --privileged x") == ["docker run --privileged"]
}

test_lists_that_are_printed if {
	_of({"command": ["echo", "docker run --privileged x"]}) == []
	_of({"command": ["/bin/printf"], "args": ["%s", "docker run --privileged x"]}) == []
	_of({"command": ["sh", "-c", "docker run --privileged x"]}) == ["docker run --privileged"]
	_of({"args": ["echo", "docker run --privileged x"]}) == ["docker run --privileged"]
	_of({"command": ["docker run --privileged x /bin/echo"]}) == ["docker run --privileged"]
	_of({"command": ["echo a; docker run --privileged x"]}) == ["docker run --privileged"]
}

_said(script) := _of({"args": ["-c", script]})

_of(spec) := got if {
	got := [found.what | some found in escape.commands] with input as {"review": {"object": {
		"kind": "Pod",
		"spec": {"containers": [object.union({"name": "a"}, spec)]},
	}}}
}
