package lib.podgate.command_test

import rego.v1

import data.lib.podgate.command

test_ordinary_containers_are_left_alone if {
	every spec in [{}, {"command": ["sleep"], "args": ["infinity"]}, {"args": null}, {"command": ["make", 1]}] {
		command.telling == [] with input as _pod(spec)
		command.commands == [] with input as _pod(spec)
	}
}

test_arguments if {
	_texts({"command": ["docker", "run"], "args": ["--health-cmd", "curl --privileged", "app"]}) == [
		["docker", "run", "--health-cmd", "curl --privileged", "app"],
		["curl", "--privileged"],
	]
	_texts({"args": ["-c dockerd", "a b"]}) == [["-c dockerd"], ["-c", "dockerd"], ["a", "b"]]
	_texts({"command": ["docker\tinfo"]}) == [["docker", "info"]]
	_texts({"command": ["docker\nls"]}) == [["docker"], ["ls"]]
	_texts({"command": "docker", "args": [1, "docker"]}) == [["docker"]]
}

test_scripts if {
	cases := {
		"docker run \\\n  --privileged x": [["docker", "run", "--privileged", "x"]],
		"# docker run\n\ndocker ps # docker run\r\nls": [["docker", "ps"], ["ls"]],
		"a && docker ps; b | c &": [["a"], ["docker", "ps"], ["b"], ["c"]],
		"X=$(docker ps) `docker info`": [
			["X=$docker ps", "$docker info"],
			["docker", "ps"],
			["docker", "info"],
		],
		"a $(b $(c) docker) <(d)": [
			["a", "$", "b", "$", "c", "docker", "$", "d"],
			["b", "$c", "docker", "$d"],
			["c"],
			["d"],
		],
		"docker run --x 'a --b' c": [["docker", "run", "--x", "a --b", "c"], ["a", "--b"]],
		`sh -c "docker run --x 'a; b' c # d"`: [
			["sh", "-c", "docker run --x  a  b  c   d"],
			["docker", "run", "--x", "a  b", "c", "#", "d"],
			["a"],
			["b"],
		],
		"docker $(a | b):/c \"$(d)\":/e `f g`": [
			["docker", "$a   b:/c", "$ d :/e", "$f g"],
			["a"],
			["b"],
			["f", "g"],
		],
		"docker `a": [["docker", "a"], ["a"]],
		`it's docker`: [["its", "docker"]],
		`docker run "--privi"leged \"x\"`: [["docker", "run", "--privileged", "x"]],
		`echo a; echo "docker run"; x "docker run"`: [
			["echo", "a"],
			["echo", "docker run"],
			["x", "docker run"],
			["docker", "run"],
		],
	}
	every script, commands in cases {
		_texts({"args": [script]}) == commands
	}
}

test_the_text_of_all_words if {
	cases := {
		"kind  create \t cluster": " kind create cluster",
		"Docker\t\trun  x  ": " docker run x",
		"X=1  docker ps": " x=1 docker ps",
		"docker  run  --x 'a  B'": " docker run --x a  b",
	}
	every script, text in cases {
		commands := command.commands with input as _pod({"args": [script]})
		commands[0].text == text
		every found in commands {
			found.text == lower(concat(" ", array.concat([""], [word.text | some word in found.words])))
		}
	}
}

test_the_line_of_a_longer_script if {
	script := "a\n  docker run \\\r\n  --x\r\n# b\nsh -c \"docker ps\"\n"
	got := [[found.line, found.words[0].text] | some found in command.commands] with input as _pod({"args": [script]})
	got == [
		["a", "a"],
		["docker run \\\n  --x", "docker"],
		["sh -c \"docker ps\"", "sh"],
		["sh -c \"docker ps\"", "docker"],
	]
	alone := [found.line | some found in command.commands] with input as _pod({"args": ["docker ps"]})
	alone == [""]
}

test_mentions if {
	cases := {
		"echo docker run": [true],
		"command -v docker && docker ps": [true, false],
		"echoes docker": [false],
	}
	every script, expected in cases {
		got := [found.mention | some found in command.commands] with input as _pod({"args": [script]})
		got == expected
	}
	got := [found.mention | some found in command.commands] with input as _pod({"command": ["echo", "docker"]})
	got == [true]
}

test_lists_that_are_printed if {
	_texts({"command": ["echo", "docker run x"]}) == [["echo"]]
	_texts({"command": ["/bin/printf", "%s", "docker run x"]}) == [["/bin/printf", "%s"]]
	_texts({"lifecycle": {"preStop": {"exec": {"command": ["echo", "docker run x"]}}}}) == [["echo"]]
	_texts({"command": ["echo", "docker ps"], "args": ["docker run x"]}) == [["echo"], ["docker", "run", "x"]]
	_texts({"command": ["sh", "-c", "docker run x"]}) == [["sh", "-c"], ["docker", "run", "x"]]
	_texts({"args": ["echo", "docker run x"]}) == [["echo"], ["docker", "run", "x"]]
	_texts({"command": ["docker run x /bin/echo"]}) == [["docker", "run", "x", "/bin/echo"]]
	_texts({"command": ["echo a; docker run x"]}) == [["echo", "a"], ["docker", "run", "x"]]
}

test_program if {
	cases := {
		"/usr/bin/Docker": "docker",
		"(dockerd": "dockerd",
		"$(nsenter": "nsenter",
		`\docker`: "docker",
		`C:\bin\docker.exe`: "docker",
		"${D:-docker}": "docker",
		"${D:=/usr/bin/podman}": "podman",
		"$which docker": "docker",
		"a": "a",
	}
	every word, program in cases {
		command.program(word) == program
	}
}

_texts(spec) := got if {
	got := [[word.text | some word in found.words] | some found in command.commands] with input as _pod(spec)
}

_pod(spec) := {"review": {"object": {"kind": "Pod", "spec": {"containers": [object.union({"name": "a"}, spec)]}}}}
