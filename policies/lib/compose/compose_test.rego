package lib.podgate.compose_test

import rego.v1

import data.lib.podgate.escape

test_services_that_reach_the_node if {
	cases := {
		"    privileged: true": ["docker compose with --privileged"],
		"    pid: host # why": ["docker compose with --pid host"],
		"    network_mode: host": ["docker compose with --network host"],
		"    userns_mode: \"host\"": ["docker compose with --userns host"],
		"    volumes:\n      - /:/host": ["docker compose with -v /:/host"],
		"      - \"/var/run/docker.sock:/s\"": ["docker compose with -v /var/run/docker.sock:/s"],
	}
	every line, told in cases {
		_said(sprintf("docker compose -f - up <<EOF\nservices:\n  a:\n    image: x\n%v\nEOF", [line])) == told
		_said(sprintf("cat > docker-compose.yml <<EOF\n%v\nEOF\nsudo docker-compose up -d", [line])) == told
		_said(sprintf("cat > docker-compose.yml <<EOF\n%v\nEOF\ndocker  compose\tup -d", [line])) == told
	}
}

test_what_is_no_service_that_reaches_the_node if {
	scripts := [
		"docker compose up <<EOF\n    privileged: false\n    pid: service:a\n    network_mode: bridge\n    - ./a:/b\n    - /srv/x:/b\nEOF",
		"cat > a.yml <<EOF\n    privileged: true\nEOF\ndocker build x",
		"echo 'privileged: true'; docker compose up",
		"grep -q \"privileged: true\" x; docker compose up",
		"cat > notes.md <<EOF\n    privileged: true\nEOF\ndocker compose up",
		"cat > a.yml <<EOF\n    privileged: true\nEOF\necho docker compose up",
	]
	every script in scripts {
		_said(script) == []
	}
}

test_roots_of_the_node if {
	_said("chroot /mnt/host sh") == ["chroot /mnt/host"]
	_said("chroot /mnt/hosted docker ps") == []
}

_said(script) := got if {
	got := [found.what | some found in escape.commands] with input as {"review": {"object": {
		"kind": "Pod",
		"spec": {"containers": [{"name": "a", "args": [script]}]},
	}}}
}
