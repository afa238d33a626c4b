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
	_said({"args": ["$D run --privileged x"]}) == ["$D run --privileged"]
	_said({"args": ["sudo $D run --privileged x"]}) == ["$D run --privileged"]
	_said({"args": ["A=b $D run --privileged x"]}) == ["$D run --privileged"]
	_said({"args": ["sudo -E $D run --privileged x"]}) == ["$D run --privileged"]
	_said({"args": ["cp $D run --privileged x"]}) == []
	_said({"args": ["D=true; $D build --privileged"]}) == []
	_said({"args": ["echo $D run --privileged"]}) == []
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

test_clusters if {
	cases := {
		"kubectl debug no/a": "kubectl debug no/a",
		"oc debug node/a": "oc debug node/a",
		"kubectl debug a --profile=sysadmin": "kubectl debug --profile sysadmin",
		"kubectl node-shell a": "kubectl node-shell",
		"kubectl run a --image=b --privileged": "kubectl run --privileged",
		`kubectl run a --overrides '{"spec": {"hostPID": true}}'`: "kubectl run --overrides with hostPID",
		`kubectl run a --overrides="{\"spec\": {\"hostNetwork\":true, \"x\": \"nsenter\"}}"`: "kubectl run --overrides with hostNetwork and nsenter",
	}
	every script, what in cases {
		_said({"args": [script]}) == [what]
	}
	spec := `{"spec": {"volumes": [{"hostPath": {"path": "/"}}]}}`
	_said({"command": ["kubectl", "run", "a", "--overrides", spec]}) == ["kubectl run --overrides with hostPath"]
	none := [
		"kubectl run a --image=b --privileged=false",
		"kubectl run a --image=b -- c --privileged",
		`kubectl run a --overrides '{"spec": {"nodeName": "n"}}'`,
		"kubectl debug a --profile=netadmin",
		"kubectl debug pod/a",
		"oc get node/a --debug",
	]
	every script in none {
		_said({"args": [script]}) == []
	}
}

test_hooks if {
	hook := {"lifecycle": {"postStart": {"exec": {"command": ["sh", "-c", "nsenter -t 1 sh"]}}}}
	got := [[found.field, found.what] | some found in escape.commands] with input as _pod(hook)
	got == [["lifecycle/postStart/exec/command/2", "nsenter into process 1"]]
	_said({"lifecycle": {"preStop": {"httpGet": {"path": "/docker"}}}}) == []
	_said({"lifecycle": "docker"}) == []
}

test_what_only_names_commands if {
	scripts := [
		"if grep -rq 'docker run --privileged' docs; then exit 1; fi",
		"while ! grep -q 'docker run --privileged' a; do sleep 1; done",
		"! grep -q \"docker run --privileged\" a",
		"sudo -E grep 'docker run --privileged' a",
		"LC_ALL=C X='a b' grep 'docker run --privileged' a",
		"if echo docker run --privileged; then sudo echo docker run --privileged; fi",
		"echo \"$x\" \"docker run --privileged\"",
		"case $1 in\n-h) echo 'docker run --privileged x' ;;\nesac",
		"die 'never docker run --privileged x'",
		"[[ $x == 'docker run --privileged' ]] && warn 'no docker run --privileged'",
		"sed -i 's/docker run --privileged/docker run/' a",
		"awk '/docker run --privileged/ {print}' a",
		"rg 'docker run --privileged' .",
		"jq '.x | test(\"docker run --privileged\")' a",
		"gh pr comment \"$N\" --body 'docker run --privileged x'",
		"docker build --build-arg A=\"x\" --build-arg X='docker run --privileged x' .",
		"MSG='docker run --privileged x'",
		"local help_text=\"docker run --privileged x\"; echo \"$help_text\"",
		"cat <<EOF > README.md\ndocker run --privileged x\nEOF",
		"sudo mv crictl /usr/local/bin",
		"sudo install -m 755 crictl /usr/local/bin && crictl --version",
		"cd crictl && make crictl",
		"docker pull crictl; go build ./cmd/crictl",
		"docker exec kind-control-plane crictl images",
		"docker exec kind-worker ctr -n k8s.io images ls",
	]
	every script in scripts {
		_said({"args": ["-c", script]}) == []
	}
}

test_what_is_run_nevertheless if {
	scripts := [
		"if sh -c 'docker run --privileged x'; then a; fi",
		"sudo bash -c 'docker run --privileged x'",
		"LC_ALL=C ssh host 'docker run --privileged x'",
		"eval 'docker run --privileged x'",
		"su -c \"docker run --privileged x\"",
		"if echo \"$(docker run --privileged x)\"; then a; fi",
		"sudo grep `docker run --privileged x` a",
		"log docker; docker run --privileged x",
		"echo a \"b\"; sh -c 'docker run --privileged x'",
		"awk 'BEGIN { system(\"docker run --privileged x\") }'",
		"sed '1e docker run --privileged x' a",
		"docker build \"$(docker run --privileged x)\"",
		"CMD='docker run --privileged x'",
		"MSG='docker run --privileged x' make",
		"MSG='docker run --privileged x'; $MSG",
		"MSG='docker run --privileged x'; eval \"$MSG\"",
		"MSG='docker run --privileged x'; ssh host \"$MSG\"",
		"MSG='docker run --privileged x'; sh -c \"$MSG\"",
		"cat > x.sh <<EOF\ndocker run --privileged x\nEOF",
		"cat <<EOF | sh\ndocker run --privileged x\nEOF",
		"case $1 in\na|b) docker run --privileged x ;;\nesac",
	]
	every script in scripts {
		_said({"args": ["-c", script]}) == ["docker run --privileged"]
	}
	runs := [
		"crictl ps",
		"sudo -u root crictl ps",
		"X=y sudo crictl ps",
		"env A=b crictl ps",
		"if ! crictl ps; then a; fi",
		"f() { crictl ps; }",
		"nsenter -t 2 -m crictl ps",
		"chroot /x crictl ps",
		"timeout 5 crictl ps",
		"$SUDO crictl ps",
		"ssh node crictl ps",
		"a | xargs crictl rmi",
		"case $1 in\na) crictl ps ;;\nesac",
		"echo $(crictl ps)",
		"x=(crictl ps)",
	]
	every script in runs {
		_said({"args": ["-c", script]}) == ["crictl"]
	}
	_said({"command": ["tini", "--", "/usr/bin/ctr", "-n", "k8s.io", "c", "ls"]}) == ["ctr in the namespace k8s.io"]
	_said({"args": ["docker exec --privileged x sh"]}) == ["docker exec --privileged"]
	_said({"args": ["docker compose run -v /:/h exec"]}) == ["docker run -v /:/h"]
}

_said(spec) := got if {
	got := [found.what | some found in escape.commands] with input as _pod(spec)
}

_pod(spec) := {"review": {"object": {"kind": "Pod", "spec": {"containers": [object.union({"name": "a"}, spec)]}}}}
