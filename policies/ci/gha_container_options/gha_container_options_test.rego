package podgate.ci.gha_container_options_test

import rego.v1

import data.podgate.ci.gha_container_options

_review(notes) := {"notes": notes, "review": {"object": {"kind": "Pod", "spec": {"containers": []}}}}

_note(name, values) := {
	"kind": "setting",
	"name": name,
	"pointer": "/jobs/b/container/options",
	"field": "options",
	"values": values,
}

_found(option, severity, rest) := {
	"msg": sprintf("the container is created with %v: %v", [option, rest]),
	"details": {"pointer": "/jobs/b/container/options", "severity": severity},
}

_own := "it reaches the machine of the runner, unless that is in Kubernetes mode and takes no options"

_hosted := "on a machine of GitHub's it reaches what ends with the job; on a runner of yours it reaches the node"

test_fail_options if {
	options := [
		"--privileged",
		"--volume=/var/run/docker.sock",
		"--volume=/",
		"--pid=host",
		"--cap-add=cap_sys_admin",
		"--security-opt=seccomp=unconfined",
	]
	expected := {
		_found("--privileged", "critical", _own),
		_found("--volume=/var/run/docker.sock", "critical", _own),
		_found("--volume=/", "critical", _own),
		_found("--pid=host", "high", _own),
		_found("--cap-add=cap_sys_admin", "high", _own),
		_found("--security-opt=seccomp=unconfined", "high", _own),
	}
	violations := gha_container_options.violation with input as _review([_note("docker-options", options)])
	violations == expected
}

test_fail_on_a_machine_of_githubs if {
	expected := {_found("--privileged", "info", _hosted)}
	note := _note("docker-options-hosted", ["--privileged"])
	violations := gha_container_options.violation with input as _review([note])
	violations == expected
}

test_success_harmless_options if {
	options := ["--volume=/opt/cache", "--volume=${{ env.DIR }}", "--cap-add=CHOWN", "--device=/dev/kvm"]
	violations := gha_container_options.violation with input as _review([_note("docker-options", options)])
	violations == set()
}

test_success_other_settings if {
	violations := gha_container_options.violation with input as _review([_note("other", ["--privileged"])])
	violations == set()
}

test_success_no_notes if {
	violations := gha_container_options.violation with input as {"kind": "Pod", "spec": {"containers": []}}
	violations == set()
}
