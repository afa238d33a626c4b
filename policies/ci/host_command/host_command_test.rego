package podgate.ci.host_command_test

import rego.v1

import data.podgate.ci.host_command

test_fail_docker_run if {
	expected := {
		{
			"msg": "container \"a\" runs a command that goes for the node: docker run --privileged -v /:/h",
			"details": {"container": "a", "path": "/spec/containers/0/args/0", "severity": "medium"},
		},
		{
			"msg": "container \"b\" runs a command that goes for the node: docker run --pid host",
			"details": {"container": "b", "path": "/spec/containers/1/args/0", "severity": "medium"},
		},
		{
			"msg": "container \"c\" runs a command that goes for the node: podman run --cap-add sys_admin",
			"details": {"container": "c", "path": "/spec/containers/2/args/0", "severity": "medium"},
		},
		{
			"msg": "container \"d\" runs a command that goes for the node: docker run -v /var/run/docker.sock:/s",
			"details": {"container": "d", "path": "/spec/containers/3/args/0", "severity": "medium"},
		},
		{
			"msg": "container \"e\" runs a command that goes for the node: docker run -v /run:/r",
			"details": {"container": "e", "path": "/spec/containers/4/args/0", "severity": "medium"},
		},
		{
			"msg": "container \"f\" runs a command that goes for the node: docker run --mount type=bind,src=/,dst=/h",
			"details": {"container": "f", "path": "/spec/containers/5/args/0", "severity": "medium"},
		},
		{
			"msg": "container \"g\" runs a command that goes for the node: docker run --ipc host",
			"details": {"container": "g", "path": "/spec/containers/6/args/0", "severity": "medium"},
		},
		{
			"msg": "container \"h\" runs a command that goes for the node: nerdctl run --network host",
			"details": {"container": "h", "path": "/spec/containers/7/args/0", "severity": "medium"},
		},
	}
	violations := host_command.violation with input as _pod({
		"containers": [
			{"name": "a", "args": ["docker run --rm --privileged -v /:/h x"]},
			{"name": "b", "args": ["docker container run --pid host x"]},
			{"name": "c", "args": ["sudo podman create --cap-add=sys_admin x"]},
			{"name": "d", "args": ["docker run --volume=/var/run/docker.sock:/s x"]},
			{"name": "e", "args": ["docker run -v/run:/r x"]},
			{"name": "f", "args": ["docker run --mount type=bind,src=/,dst=/h x"]},
			{"name": "g", "args": ["docker run --ipc=host x"]},
			{"name": "h", "args": ["nerdctl run --network=host x"]},
		],
	})
	violations == expected
}

test_fail_in_its_own_words if {
	expected := {
		{
			"msg": "container \"build\" runs a command that goes for the node: docker run --privileged",
			"details": {"container": "build", "path": "/spec/containers/0/command/0", "severity": "high"},
		},
	}
	violations := host_command.violation with input as _pod({
		"containers": [{"name": "build", "command": ["docker", "run"], "args": ["--privileged", "x"]}],
		"hostPID": true,
	})
	violations == expected
}

test_fail_with_a_socket if {
	expected := {
		{
			"msg": "container \"a\" runs a command that goes for the node: nsenter into process 1",
			"details": {"container": "a", "path": "/spec/containers/0/args/0", "severity": "high"},
		},
		{
			"msg": "container \"b\" runs a command that goes for the node: nsenter into process 1",
			"details": {"container": "b", "path": "/spec/containers/1/args/0", "severity": "high"},
		},
		{
			"msg": "container \"c\" runs a command that goes for the node: nsenter into process 1",
			"details": {"container": "c", "path": "/spec/containers/2/args/0", "severity": "high"},
		},
	}
	violations := host_command.violation with input as _pod({
		"containers": [
			{"name": "a", "args": ["nsenter -t 1 -m sh"]},
			{"name": "b", "args": ["nsenter --target=1 sh"]},
			{"name": "c", "args": ["nsenter -m/proc/1/ns/mnt sh"]},
		],
		"volumes": [{"name": "s", "hostPath": {"path": "/var/run/docker.sock"}}],
	})
	violations == expected
}

test_fail_with_a_privilege if {
	expected := {
		{
			"msg": "container \"build\" runs a command that goes for the node: chroot /host",
			"details": {"container": "build", "path": "/spec/containers/0/args/0", "severity": "high"},
		},
		{
			"msg": "container \"build\" runs a command that goes for the node: mount /dev/nvme0n1p1",
			"details": {"container": "build", "path": "/spec/containers/0/args/1", "severity": "high"},
		},
	}
	violations := host_command.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"args": ["chroot /host sh", "mount -o ro /dev/nvme0n1p1 /mnt"],
				"securityContext": {"privileged": true},
			},
		],
	})
	violations == expected
}

test_fail_runtime_and_node if {
	expected := {
		{
			"msg": "container \"a\" runs a command that goes for the node: ctr in the namespace k8s.io",
			"details": {"container": "a", "path": "/spec/containers/0/args/0", "severity": "medium"},
		},
		{
			"msg": "container \"b\" runs a command that goes for the node: nerdctl in the namespace k8s.io",
			"details": {"container": "b", "path": "/spec/containers/1/args/0", "severity": "medium"},
		},
		{
			"msg": "container \"c\" runs a command that goes for the node: crictl",
			"details": {"container": "c", "path": "/spec/containers/2/args/0", "severity": "medium"},
		},
		{
			"msg": "container \"d\" runs a command that goes for the node: kubectl debug node/a",
			"details": {"container": "d", "path": "/spec/containers/3/args/0", "severity": "medium"},
		},
	}
	violations := host_command.violation with input as _pod({
		"containers": [
			{"name": "a", "args": ["ctr -n k8s.io c ls"]},
			{"name": "b", "args": ["nerdctl --namespace=k8s.io ps"]},
			{"name": "c", "args": ["crictl ps"]},
			{"name": "d", "args": ["kubectl debug node/a -it --image=x"]},
		],
	})
	violations == expected
}

test_fail_in_a_quoted_script if {
	expected := {
		{
			"msg": "container \"a\" runs a command that goes for the node: docker run --privileged",
			"details": {"container": "a", "path": "/spec/containers/0/args/0", "severity": "medium"},
		},
	}
	violations := host_command.violation with input as _pod({"containers": [{"name": "a", "args": ["bash -c \"docker run --privileged x\""]}]})
	violations == expected
}

test_fail_at_its_line if {
	expected := {{
		"msg": "container \"a\" runs a command that goes for the node: docker run --privileged",
		"details": {
			"container": "a",
			"line": "docker run --rm \\\n    --privileged x",
			"path": "/spec/containers/0/args/0",
			"severity": "medium",
		},
	}}
	script := "set -e\n  docker run --rm \\\n    --privileged x\n"
	violations := host_command.violation with input as _pod({"containers": [{"name": "a", "args": [script]}]})
	violations == expected
}

test_fail_filled_in if {
	scripts := [
		"echo $(docker run --privileged x)",
		"echo \"it is $(docker run --privileged x)\"",
		"echo \"it's 'so' $(docker run --privileged x)\"",
		"echo $(sh -c 'docker run --privileged x')",
		"echo `sh -c 'docker run --privileged x'`",
		"git status `docker run --privileged x`",
		"git status \"`docker run --privileged x`\"",
		"sh -c \"git status \\`docker run --privileged x\\`\"",
		"cat <(docker run --privileged x)",
		"echo $(echo $(docker run --privileged x))",
		"echo $( (cd x) ; docker run --privileged x)",
		"echo $(docker run --rm $(cat image) --privileged)",
		"docker run -v $(pwd):/src --privileged x",
		"docker run -v `pwd`:/src --privileged x",
		"echo \"$(docker run --privileged -v \"/tmp:/x\" y)\"",
	]
	found := [[violation.msg | some violation in violations] |
		some script in scripts
		violations := host_command.violation with input as _pod({"containers": [{"name": "a", "args": ["-c", script]}]})
	]
	msg := "container \"a\" runs a command that goes for the node: docker run --privileged"
	found == [[msg] | some _ in scripts]
}

test_fail_nsenter_options_in_one_word if {
	scripts := [
		"nsenter -mt 1 sh",
		"nsenter -mt1 sh",
		"nsenter -amt1 sh",
		"nsenter -amt 1 sh",
		"nsenter -t 1 -m sh",
		"nsenter -at1 sh",
		"nsenter --target 1 sh",
		"nsenter --target=1 sh",
		"git status `nsenter -t 1`",
	]
	found := [[violation.msg | some violation in violations] |
		some script in scripts
		violations := host_command.violation with input as _pod({"containers": [{"name": "a", "args": ["-c", script]}]})
	]
	msg := "container \"a\" runs a command that goes for the node: nsenter into process 1"
	found == [[msg] | some _ in scripts]
}

test_success_only_printed if {
	violations := host_command.violation with input as _pod({"containers": [
		{"name": "a", "args": ["echo \"$(date): docker run --privileged x\""]},
		{"name": "b", "args": ["echo `date` docker run --privileged x"]},
		{"name": "c", "args": ["echo $(date) 'docker run --privileged x'"]},
		{"name": "d", "args": ["echo '$(docker run --privileged x)'"]},
		{"name": "e", "args": ["x=$(echo 'docker run --privileged x')"]},
		{"name": "f", "args": ["echo $(which docker) run --privileged"]},
		{"name": "g", "args": ["nsenter -mt 42 sh"]},
		{"name": "h", "args": ["nsenter -mt11 sh"]},
		{"name": "i", "args": ["nsenter --at1 --not 1"]},
	]})
	violations == set()
}

test_success_texts if {
	violations := host_command.violation with input as _pod({
		"containers": [
			{"name": "a", "args": ["docker run --health-cmd 'curl --privileged' x"]},
			{"name": "b", "args": ["echo docker run --privileged"]},
			{"name": "c", "args": ["# nsenter -t 1 x\nls"]},
			{"name": "d", "args": ["apt-get install crictl nsenter"]},
			{"name": "e", "args": ["which crictl || true"]},
			{"name": "e", "command": ["docker", "run", "--health-cmd", "curl --privileged", "x"]},
		],
	})
	violations == set()
}

test_success_ordinary if {
	violations := host_command.violation with input as _pod({
		"containers": [
			{"name": "a", "args": ["docker run -v $PWD:/src -v cache:/c --pid x y"]},
			{"name": "b", "args": ["docker build --privileged ."]},
			{"name": "c", "args": ["nsenter -t 42 sh"]},
			{"name": "d", "args": ["chroot /mnt/root sh"]},
			{"name": "e", "args": ["mount -t tmpfs x /dev/shm"]},
			{"name": "f", "args": ["ctr images ls"]},
			{"name": "g", "args": ["kubectl debug pod/a"]},
			{"name": "h", "args": ["kubectl get node/a"]},
			{
				"name": "i",
				"args": ["docker run --mount type=volume,src=a,dst=/b --cap-add=NET_ADMIN x"],
			},
			{"name": "j", "args": ["docker run --network container:a x --net=host"]},
		],
	})
	violations == set()
}

test_success_nulls if {
	violations := host_command.violation with input as _pod({"containers": null, "initContainers": [null, "x"], "volumes": null, "securityContext": null})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
