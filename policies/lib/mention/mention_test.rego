package lib.podgate.mention_test

import rego.v1

import data.lib.podgate.escape

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
		"echo \"system: docker run --privileged\"",
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
		"echo 'docker run --privileged x' | sha256sum || bash -c ls",
		"echo docker run --privileged x | tee a\ncat a | sh",
		"grep 'docker run --privileged' a | sh",
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
		"awk 'BEGIN { \"docker run --privileged x\" | getline a }'",
		"git rebase --exec 'docker run --privileged x' main",
		"echo \"a\" \"a\" \"a\" \"a\" \"a\" \"a\" \"a\" \"a\" \"a\" \"a\" \"a\" \"a\" \"a\" \"a\" \"a\" \"a\" \"a\" \"docker run --privileged x\"",
		"sed 's/a/docker run --privileged x/e' a",
		"sed '1e docker run --privileged x' a",
		"docker build \"$(docker run --privileged x)\"",
		"CMD='docker run --privileged x'",
		"echo 'docker run --privileged x' | sh",
		"printf docker\\ run\\ --privileged;echo docker run --privileged x|bash -x",
		"if log \"docker run --privileged x\" | ssh host; then a; fi",
		"x=\"$(echo docker run --privileged x | sudo bash)\"",
		"MSG='docker run --privileged x' make",
		"MSG='docker run --privileged x'; $MSG",
		"MSG='docker run --privileged x'; eval \"$MSG\"",
		"MSG='docker run --privileged x'; ssh host \"$MSG\"",
		"MSG='docker run --privileged x'; sh -c \"$MSG\"",
		"cat > x.sh <<EOF\ndocker run --privileged x\nEOF",
		"cat <<EOF | sh\ndocker run --privileged x\nEOF",
		"(\ncd x\ndocker run --privileged x)",
		"case x in\na|b) docker run $(x $(y)) --privileged x ;;\nesac",
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
		"case $1 in a) crictl ps ;; esac",
		"case $1 in\na) x ;; b) crictl ps ;;\nesac",
		"echo $(crictl ps)",
		"x=(crictl ps)",
		"a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a crictl ps",
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
