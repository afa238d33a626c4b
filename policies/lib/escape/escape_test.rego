package lib.podgate.escape_test

import rego.v1

import data.lib.podgate.escape

test_programs_however_they_are_named if {
	scripts := [
		"sudo -E docker run --privileged x",
		"env X=y time nohup docker run --privileged x",
		"ls | xargs docker run --privileged",
		"/usr/bin/docker run --privileged x",
		`command \docker run --privileged x`,
		"docker.exe run --privileged x",
		"D=docker; $D run --privileged x",
		"D='docker run'\n${D} --privileged x",
		"${D:-docker} run --privileged x",
		"$(which docker) run --privileged x",
		"docker -H unix:///var/run/docker.sock run --privileged x",
		"A='--rm --privileged'; docker run $A x",
		"if ! docker run --privileged x; then exit; fi",
	]
	every script in scripts {
		_said({"args": [script]}) == ["docker run --privileged"]
	}
}

test_variables if {
	_said({"args": ["$D -t 1 sh", "docker"], "env": [{"name": "D", "value": "nsenter"}]}) == ["nsenter into process 1"]
	_said({"args": ["R=/; docker run -v $R:/h x"]}) == ["docker run -v /:/h"]
	_said({"args": ["R=/; docker run -v ${R}etc:/h x"]}) == ["docker run -v /etc:/h"]
	_said({"args": ["O=(--privileged -v /:/h); docker run \"${O[@]}\" x"]}) == ["docker run --privileged -v /:/h"]
	_said({"args": ["docker run -v ${R:-/}:/h x"]}) == ["docker run -v /:/h"]
	_said({"args": ["docker run -v ${R-/etc}:/h x"]}) == ["docker run -v /etc:/h"]
	_said({"args": ["docker run -v ${R:-/srv/x}:/h x"]}) == []
	_said({"args": ["R=/srv/x; docker run -v ${R:-/}:/h x"]}) == []
	_said({"args": ["$D run --privileged x"]}) == ["$D run --privileged"]
	_said({"args": ["sudo $D run --privileged x"]}) == ["$D run --privileged"]
	_said({"args": ["A=b $D run --privileged x"]}) == ["$D run --privileged"]
	_said({"args": ["sudo -E $D run --privileged x"]}) == ["$D run --privileged"]
	_said({"args": ["cp $D run --privileged x"]}) == []
	_said({"args": ["D=true; $D build --privileged"]}) == []
	_said({"args": ["echo $D run --privileged"]}) == []
}

test_values_that_may_run_something if {
	cases := {
		"D='curl -s x'; $D; D='sudo docker'; $D run --privileged x": ["docker run --privileged"],
		"D='curl -s x'; D='env A=b timeout 5 podman'; $D run --privileged x": ["podman run --privileged"],
		"D='curl -s x'; D=mydocker; $D run --privileged x": ["$D run --privileged"],
		"D='curl -s x'; D=\"$A $B\"; $D run --privileged x": ["$D run --privileged"],
		"D='sudo curl'; $D run --privileged x": ["$D run --privileged"],
		"D=mydocker; D='sudo docker'; $D run --privileged x": ["docker run --privileged"],
		"D=docker; D='docker build'; D=mydocker; $D run --privileged x": ["docker run --privileged"],
		"D='docker build'; D=mydocker; $D run --privileged x": ["$D run --privileged"],
		"D='nsenter -t 2 -m docker'; $D run --privileged x": ["docker run --privileged"],
		"D='sudo nsenter'; $D -t 1 -m": ["nsenter into process 1"],
		"D='sudo crictl'; $D ps": ["crictl", "crictl"],
		"D='make crictl'; $D": [],
		"D='echo docker'; D=docker; $D ps; $D build --privileged x": [],
		"D='sudo docker'; $D run x": [],
	}
	every script, what in cases {
		_said({"args": [script]}) == what
	}
}

test_lines_that_only_look_like_lists if {
	scripts := [
		"# a=(\ndocker run --privileged x\ncase \"$1\" in start) true ;; esac",
		"echo \"usage: a=(\"\ndocker run --privileged x\necho \")\"",
		"echo \"usage:\na=(\n\"\necho a\ndocker run --privileged x\necho \"b)\"",
		"cat > x.conf <<E\na=(\necho a\nE\ndocker run --privileged x\ncase $1 in\nb) ;;\nesac",
		sprintf("a=(\necho %v\ndocker run --privileged x", [replace("0000000000000", "0", "a\na\na\na\na\na\na\na\na\na\n")]),
	]
	every script in scripts {
		_said({"args": [script]}) == ["docker run --privileged"]
	}
	_said({"args": ["O+=(\n --rm # it's\n --privileged\n)\ndocker run \"${O[@]}\" x"]}) == ["docker run --privileged"]
	_said({"args": ["cat > a <<E\nit's\nE\nO=(\n--privileged\n)\ndocker run \"${O[@]}\" x"]}) == ["docker run --privileged"]
}

test_runtimes if {
	cases := {
		"ctr run --privileged x y": "ctr run --privileged",
		"ctr c create --mount type=bind,src=/,dst=/h x y": "ctr run --mount type=bind,src=/,dst=/h",
		"nerdctl run --privileged x": "nerdctl run --privileged",
		"podman --remote run --privileged x": "podman run --privileged",
		"podman --url unix:///run/podman/podman.sock run --pid=host x": "podman run --pid host",
		"docker compose run -v /:/h x": "docker run -v /:/h",
		"docker-compose -f a run -v /:/h x": "docker-compose run -v /:/h",
	}
	every script, what in cases {
		_said({"args": [script]}) == [what]
	}
}

test_clients_of_sockets if {
	cases := {
		"curl -s --unix-socket /var/run/docker.sock http://x": "curl at /var/run/docker.sock",
		"sudo curl --unix-socket=/run/containerd/containerd.sock http://x": "curl at /run/containerd/containerd.sock",
		"socat - UNIX-CONNECT:/run/crio/crio.sock,retry": "socat at /run/crio/crio.sock",
		"nc -U /var/run/docker.sock": "nc at /var/run/docker.sock",
	}
	every script, what in cases {
		_said({"args": [script]}) == [what]
	}
	none := [
		"curl --unix-socket /tmp/app.sock http://x",
		"curl https://get.docker.com",
		"echo curl --unix-socket /var/run/docker.sock",
		"curl -o x https://a/docker.sock",
	]
	every script in none {
		_said({"args": [script]}) == []
	}
}

test_helm if {
	cases := {
		"helm upgrade -i a b --set x=y,c.securityContext.privileged=true": "helm upgrade --set c.securityContext.privileged=true",
		"helm install a b --set-string=hostNetwork=true --set hostPID=True": "helm install --set hostNetwork=true hostPID=True",
		"helm template a b --set 'volumes[0].hostPath.path=/'": "helm template --set volumes[0].hostPath.path=/",
	}
	every script, what in cases {
		_said({"args": [script]}) == [what]
	}
	none := [
		"helm upgrade a b --set c.privileged=false,hostNetwork= --set hostPath=/srv/x --timeout privileged=true",
		"helm lint a --set privileged=true",
	]
	every script in none {
		_said({"args": [script]}) == []
	}
}

test_comments_hide_nothing if {
	scripts := [
		"# note \\\ndocker run --privileged x",
		"ls # it's \\\ndocker run --privileged x",
		"echo a \\\\\ndocker run --privileged x",
		"docker run \\\n  --privileged x # note \\\n ls",
	]
	every script in scripts {
		_said({"args": [script]}) == ["docker run --privileged"]
	}
	_said({"args": ["docker ps \"x\" # docker run --privileged x"]}) == []
	_said({"args": ["# docker run \\\n# --privileged x"]}) == []
	_said({"args": ["echo '# a' \\\n docker run --privileged x"]}) == []
}

test_hooks if {
	hook := {"lifecycle": {"postStart": {"exec": {"command": ["sh", "-c", "nsenter -t 1 sh"]}}}}
	got := [[found.field, found.what] | some found in escape.commands] with input as _pod(hook)
	got == [["lifecycle/postStart/exec/command/2", "nsenter into process 1"]]
	_said({"lifecycle": {"preStop": {"httpGet": {"path": "/docker"}}}}) == []
	_said({"lifecycle": "docker"}) == []
}

_said(spec) := got if {
	got := [found.what | some found in escape.commands] with input as _pod(spec)
}

_pod(spec) := {"review": {"object": {"kind": "Pod", "spec": {"containers": [object.union({"name": "a"}, spec)]}}}}
