package lib.podgate.function_test

import rego.v1

import data.lib.podgate.escape
import data.lib.podgate.function

test_what_prints if {
	bodies := [
		"() { echo \"$@\"; }",
		" () {\n  echo \"$*\" >&2\n}",
		"()\n{\n\tlocal level=\"$1\"; shift\n\tprintf '%s; %s\\n' \"$level\" \"$*\"\n}\nls",
		"() {\n  echo -e \"\\033[1;34m[$(date +%T)] it's ${1}\\033[0m\" | tee -a log\n}",
		"() {\n  # eval\n  if [ -n \"$1\" ]; then\n    echo \"}\"\n    exit 1\n  fi\n}",
		"() { [ -n \"$1\" ] || {\n echo \"\\\"no\\\"\"\n }\n echo \"$@\"\n}",
		"() { echo \"[$(date \"+%F %T\")] $*\"; }",
		"() { cleanup; exit 1; }",
		"() {\n  clean > a.sh\n  exit 1\n}",
	]
	every body in bodies {
		every start in ["log", "function log", "a() { \"$@\"; }\nlog"] {
			script := concat("", [start, body])
			function.runs(script) == set()
			_said(sprintf("%v\nlog \"docker run --privileged x\"", [script])) == []
			_said(sprintf("%v\nlog docker run --privileged x", [script])) == []
			_said(sprintf("%v\nlog a; docker run --privileged x", [script])) == ["docker run --privileged"]
		}
	}
	function.runs("function log {\n  echo \"$@\"\n}") == set()
	function.runs("function log\n{\n  echo \"$@\"\n}") == set()
}

test_what_may_run if {
	bodies := [
		"() { \"$@\"; }",
		"() { timeout 5 \"$@\"; }",
		"() { [ -n \"$1\" ] || {\n echo no\n }\n \"$@\"\n}",
		"() {\n [ -n \"$1\" ] || {\n echo no\n}\n \"$@\"\n}",
		"() { echo \"$@\"; $@; }",
		"() { echo \"}\"; $@; }",
		"() { echo }; $@; }",
		"() { echo }\n\"$@\"\n}",
		"() {\n  echo \"+ $*\"\n  if ! \"$@\"; then exit 1; fi\n}",
		"() { echo \"$1\" | sh -c; }",
		"() { eval \"$1\"; }",
		"() { eval \"${1}\"; }",
		"() { a \"${@:2}\"; }",
		"() { echo $(\"$@\"); }",
		"() { echo \"$(date; \"$@\")\"; }",
		"() { out=\"$($@)\"; echo \"$out\"; }",
		"() { echo `$1`; }",
		"() { sudo \"$@\"; }",
		"() { A=b \"$@\"; }",
		"() { echo '\"'; \"$@\"; echo '\"'; }",
		"() { echo \"a\\\\\"; \"$@\"; echo \"\\\\\"; }",
		"() { echo '\\'; \"$@\"; echo '\\'; }",
		"() { for a; do $a; done; }",
		"() {\n  echo it's\n  \"$@\"\n}",
		"() {\n  echo \"\n# \"; \"$@\"; echo \"\n\"\n}",
		"() {\n  {\n    \"$@\"\n  }\n}",
		"() {\n  cat <<E\n}\nE\n  \"$@\"\n}",
		"() { echo \"$@\" > x.sh; }",
		"() { echo \"$@\" | tee x.sh; }",
		"() (\n  \"$@\"\n)",
		"() { echo a",
		"() {\n  case \"$1\" in\n    \"a\") x=1 ;;\n  esac\n  color \"$x\"\n}",
		"() { echo; }\nNAME() { \"$@\"; }",
		" ( ) {\n  \"$@\"\n}",
	]
	every body in bodies {
		every name in ["log", "error"] {
			script := replace(concat("", [name, body]), "NAME", name)
			function.runs(script) == {name}
			_said(sprintf("%v\n%v docker run --privileged x", [script, name])) == ["docker run --privileged"]
			_said(sprintf("%v\n%v \"docker run --privileged x\"", [script, name])) == ["docker run --privileged"]
		}
	}
	function.runs("function log {\n  \"$@\"\n}") == {"log"}
	function.runs("function\tlog\n{\n  \"$@\"\n}") == {"log"}
	function.runs("true&&log() { \"$@\"; }") == {"log"}
}

test_other_names_run if {
	scripts := [
		"say() { echo \"$@\"; }\nsay docker run --privileged x",
		"say() { echo \"$@\"; }\nsay 'docker run --privileged x'",
		"# say() { echo; }\nsay docker run --privileged x",
		"cat <<E\nsay() { echo; }\nE\nsay docker run --privileged x",
		"docker() { echo; }\nunset -f docker\ndocker run --privileged x",
		"docker run --privileged x\ndocker() { echo; }",
	]
	every script in scripts {
		function.runs(script) == set()
		_said(script) == ["docker run --privileged"]
	}
}

test_names_that_print if {
	scripts := [
		"log \"docker run --privileged x\"",
		"fail 'docker run --privileged x'",
		"log_info docker run --privileged x",
	]
	every script in scripts {
		_said(script) == []
	}
	_said("retry 'docker run --privileged x'") == ["docker run --privileged"]
	_said("log_and_run docker run --privileged x") == ["docker run --privileged"]
}

_said(script) := got if {
	got := [found.what | some found in escape.commands] with input as {"review": {"object": {
		"kind": "Pod",
		"spec": {"containers": [{"name": "a", "args": ["-c", script]}]},
	}}}
}
