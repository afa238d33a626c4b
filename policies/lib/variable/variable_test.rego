package lib.podgate.variable_test

import rego.v1

import data.lib.podgate.escape

test_every_value_counts if {
	scripts := [
		"A=--rm; A=--privileged; docker run $A x",
		"docker run $A x; A=--privileged; A=--rm",
		"A=--privileged\nA=--rm\ndocker run ${A} x",
		"A='--rm a'; A='--privileged x'; docker run $A",
		"A='-it x'; B=--rm; B=--privileged; docker run $B $A",
		"D=make; D=docker; O=--privileged; O=; $D run $O x",
		"A=--privileged; B=\"$A --rm\"; docker run $B x",
		"A=--privileged; B=\"$A --rm\"; C=$B; docker run $C x",
		"D=docker; E=$D; F=\"$E run\"; $F --privileged x",
		"A=x; A=--privileged; A=\"$A --rm\"; docker run $A y",
		"O=(--rm)\nO+=(--privileged)\ndocker run ${O[@]} x",
		"O=(--privileged)\nO=(--rm)\ndocker run ${O[@]} x",
		"O[0]=--privileged; docker run ${O[@]} x",
		"A=--privi; A+=leged; docker run $A x",
		"D=docker; D+=' run'; $D --privileged x",
		"N='my app'; docker run -e \"N=$N\" --privileged x",
		"N='A=my app'; docker run -e \"$N\" --privileged x",
		"N='my app'; docker run --name \"$N-1\" --privileged x",
		"O=\"${O:---privileged}\"; docker run $O x",
		"P=--privileged; : \"${O:=$P}\"; O=${O:-$P}; docker run $O x",
		"for o in --rm --privileged; do docker run $o x; done",
		"docker run ${P:+--privileged} x",
		"P=1; docker run ${P:+--privileged} x",
		"docker run ${P:-$Q} x; Q=--privileged",
	]
	every script in scripts {
		_said({"args": [script]}) == ["docker run --privileged"]
	}
	_said({"args": ["R=/srv/x; R=/; docker run -v $R:/h x"]}) == ["docker run -v /:/h"]
	_said({"args": ["R=/; R=/srv/x; docker run --rm -v$R:/h x"]}) == ["docker run -v /:/h"]
	_said({"args": ["R=/; R=/srv/x; docker run --volume=$R:/h x"]}) == ["docker run -v /:/h"]
	_said({"args": ["A='--rm a'; A='-v /:/h b'; docker run $A"]}) == ["docker run -v /:/h"]
	_said({"args": ["R=/etc; H=/h; docker run -v $R:$H x"]}) == ["docker run -v /etc:/h"]
	_said({"args": ["R=/host; R=/x; chroot $R sh"]}) == ["chroot /host"]
	_said({"args": ["P=0; P=1; nsenter -t $P sh"]}) == ["nsenter into process 1"]
	_said({"args": ["D=docker; D=podman; $D run --privileged x"]}) == ["docker run --privileged", "podman run --privileged"]
	_said({"args": ["P=false; P=true; docker run --privileged=$P x"]}) == ["docker run --privileged"]
	_said({"args": ["docker run $A x", "A=--rm"], "env": [{"name": "A", "value": "--privileged"}]}) == ["docker run --privileged"]
}

test_lists_over_lines if {
	scripts := [
		"a=(\n  --rm\n  --privileged\n)\ndocker run \"${a[@]}\" x",
		"a=( # how\n  \"--privileged\" # (why\n  -w \"$(pwd)\"\n)\ndocker run \"${a[@]}\" x",
		"a=()\na+=(--rm)\na+=(\n--privileged\n)\ndocker run \"${a[@]}\" x",
		"a=(docker\nrun); \"${a[@]}\" --privileged x",
		"a=(docker\nrun --privileged x)",
	]
	every script in scripts {
		_said({"args": [script]}) == ["docker run --privileged"]
	}
	_said({"args": ["a=(\n  --rm\n# --privileged\n)\ndocker run \"${a[@]}\" x"]}) == []
	lines := [found.line | some found in escape.commands] with input as _pod({"args": ["a=(docker\n  run\n\t--privileged x)\n"]})
	lines == ["a=(docker\n  run\n\t--privileged x)"]
}

test_values_that_reach_nothing if {
	scripts := [
		"P=false; docker run --privileged=$P x",
		"I=a; I=b; docker run $I --privileged",
		"A=--rm; A=-it; docker run $A x --privileged",
		"R=/srv/x; R=/tmp/x; docker run -v $R:/h x",
		"A=--privileged; A=--rm; docker build $A x",
		"docker run -e R=/ -v $R:/h x",
		"A=$B; B=$A; docker run $A x",
		"O=${OS:-x}; docker run $O --privileged",
		"D=true; D=make; $D build --privileged",
		"A=--privileged; docker run $AB x",
		"P=1; docker run ${P:+--rm} x",
	]
	every script in scripts {
		_said({"args": [script]}) == []
	}
}

test_more_values_than_are_judged if {
	set := [sprintf("A=--name=%v", [i]) | some i, _ in _many(2)]
	told := ["docker run with more values of a variable than are judged"]
	_said({"args": [concat("\n", array.concat(set, ["docker run $A x"]))]}) == []
	_said({"args": [concat("\n", array.concat(set, ["A=z", "docker run $A x"]))]}) == told
	_said({"args": [concat("\n", array.concat(set, ["A=z", "docker run x $A"]))]}) == []
	_said({"args": [concat("\n", array.concat(set, ["A=z", "B=$A; docker run $B x"]))]}) == told
	_said({"args": [concat("\n", array.concat(set, ["A=z", "$D run $A x"]))]}) == []
	_said({"args": [concat("\n", array.concat(set, ["A=z", "$D run --privileged $A x"]))]}) == ["$D run --privileged"]
	uses := concat(" ", ["$A" | some _ in _many(5)])
	_said({"args": [concat("\n", array.concat(set, [sprintf("docker run %v x", [uses])]))]}) == told
	_said({"args": [sprintf("B=z; docker run %v $B", [concat(" ", ["--x" | some _ in _many(20)])])]}) == []
	words := concat(" ", [sprintf("-%v", [i]) | some i, _ in _many(17)])
	_said({"args": [sprintf("A='%v'; docker run $A x", [words])]}) == told
	_said({"args": [sprintf("A=(%v); docker run $A x", [words])]}) == told
	programs := [sprintf("D=a%v", [i]) | some i, _ in _many(3)]
	_said({"args": [concat("\n", array.concat(programs, ["D=docker", "$D run --privileged x"]))]}) == ["$D run --privileged"]
}

test_empty_values_are_values if {
	scripts := [
		"docker run --name \"\" --privileged x",
		"docker  run --name '' --privileged x",
		"sh -c \"docker run --name '' --privileged x\"",
		"sh -c \"docker run --name \\\"\\\" --privileged x\"",
		"N=\"\"; docker run --name \"$N\" --privileged x",
		"M=; N=$M; docker run --name \"$N\" --privileged x",
		"N=; M=; docker run --name \"$N$M\" --privileged x",
		"docker run --name \"${N:-}\" --privileged x",
		"O=(--name \"\"); docker run \"${O[@]}\" --privileged x",
		"O=(\n--name\n''\n)\ndocker run \"${O[@]}\" --privileged x",
		"set -- --name '' --privileged x; docker run \"$@\"",
		"d() { docker run \"$@\"; }; d --name \"\" --privileged x",
		"doc\"\"ker run --priv''ileged x",
		"docker run -e 'a b' --entrypoint \"\" \\\n --privileged x",
	]
	every script in scripts {
		_said({"args": [script]}) == ["docker run --privileged"]
	}
	_said({"args": ["docker", "run", "--name", "", "-v", "/:$X", "x"]}) == ["docker run -v /:$X"]
	none := [
		"docker run --name \"--privileged\" x",
		"N=--privileged; docker run --label $N x",
		"docker run --entrypoint \"\" x --privileged",
		"docker run --entrypoint '' $X y --privileged",
	]
	every script in none {
		_said({"args": [script]}) == []
	}

	# What a container is told to run is a command as any other, also where the entry point is the program.
	_said({"args": ["docker run --entrypoint docker x run --privileged y"]}) == ["docker run --privileged"]
}

test_variables_in_front_of_a_named_program if {
	cases := {
		"ssh \"${A[@]}\" \"$H\" \"$P\" podman run --privileged x ls": ["podman run --privileged"],
		"A=(-o B=c); H=me@host; ssh \"${A[@]}\" $H docker run --privileged x": ["docker run --privileged"],
		"$SUDO docker run --privileged x": ["docker run --privileged"],
		"ssh $H sudo ctr -n a run --privileged x y": ["ctr run --privileged"],
		"ssh host $D run --privileged x": ["$D run --privileged"],
		"D=docker; ssh $H $D run --privileged x": ["$H run --privileged", "docker run --privileged"],
		"D=docker; $SUDO $D run --privileged x": ["$SUDO run --privileged"],
		"$D run --privileged docker run": ["$D run --privileged"],
		"C='run --privileged'; $D $C docker run": ["$D run --privileged"],
		"D='mine run --privileged'; $D docker run": ["$D run --privileged"],
		"$D -c ctr run --privileged x": ["ctr run --privileged"],
		"sh -c $D crictl run --privileged x": ["$D run --privileged", "crictl"],
	}
	every script, what in cases {
		_said({"args": [script]}) == what
	}
}

# Eight times as many.
_many(times) := [i | some i in [0, 1, 2, 3, 4, 5, 6, 7]; some _ in array.slice(_twenty, 0, times)]

_twenty := [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

_said(spec) := got if {
	got := [found.what | some found in escape.commands] with input as _pod(spec)
}

_pod(spec) := {"review": {"object": {"kind": "Pod", "spec": {"containers": [object.union({"name": "a"}, spec)]}}}}
