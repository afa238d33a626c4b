package podgate.ci.docker_tcp_test

import rego.v1

import data.podgate.ci.docker_tcp

test_fail_b17_bare_host if {
	expected := {
		{
			"msg": "container \"build\" uses the Docker API without TLS at 127.0.0.1",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/env/0/value",
				"severity": "medium",
			},
		},
	}
	violations := docker_tcp.violation with input as _pod({
		"containers": [{"name": "build", "env": [{"name": "DOCKER_HOST", "value": "127.0.0.1"}]}],
	})
	violations == expected
}

test_fail_b17_localhost if {
	expected := {
		{
			"msg": "container \"build\" uses the Docker API without TLS at tcp://localhost:2375",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/env/0/value",
				"severity": "medium",
			},
		},
	}
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{"name": "build", "env": [{"name": "DOCKER_HOST", "value": "tcp://localhost:2375"}]},
		],
	})
	violations == expected
}

test_fail_b17_upper_case if {
	expected := {
		{
			"msg": "container \"build\" uses the Docker API without TLS at TCP://docker:2375",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/env/0/value",
				"severity": "high",
			},
		},
	}
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{"name": "build", "env": [{"name": "DOCKER_HOST", "value": "TCP://docker:2375"}]},
		],
	})
	violations == expected
}

test_fail_http if {
	expected := {
		{
			"msg": "container \"build\" uses the Docker API without TLS at http://docker:2375/",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/env/0/value",
				"severity": "high",
			},
		},
	}
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{"name": "build", "env": [{"name": "DOCKER_HOST", "value": "http://docker:2375/"}]},
		],
	})
	violations == expected
}

test_fail_without_tls if {
	expected := {
		{
			"msg": "container \"build\" uses the Docker API without TLS at tcp://docker:2376",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/env/0/value",
				"severity": "high",
			},
		},
	}
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [
					{"name": "DOCKER_HOST", "value": "tcp://docker:2376"},
					{"name": "DOCKER_TLS_VERIFY", "value": ""},
				],
			},
		],
	})
	violations == expected
}

test_fail_address_in_a_variable_of_a_variable if {
	expected := {{
		"msg": "container \"build\" uses the Docker API without TLS at $(SERVER)",
		"details": {"container": "build", "path": "/spec/containers/0/env/2/value", "severity": "high"},
	}}
	violations := docker_tcp.violation with input as _pod({"containers": [{
		"name": "build",
		"env": [
			{"name": "HOST", "value": "docker.ci.svc"},
			{"name": "SERVER", "value": "tcp://$(HOST):2375"},
			{"name": "DOCKER_HOST", "value": "$(SERVER)"},
		],
	}]})
	violations == expected
}

test_fail_tls_taken_back if {
	expected := {{
		"msg": "container \"build\" uses the Docker API without TLS at tcp://docker:2376",
		"details": {"container": "build", "path": "/spec/containers/0/env/0/value", "severity": "high"},
	}}
	found := [violations |
		some later in [{}, {"value": ""}, {"value": "$(NOTHING)"}]
		violations := docker_tcp.violation with input as _pod({"containers": [{
			"name": "build",
			"env": [
				{"name": "DOCKER_HOST", "value": "tcp://docker:2376"},
				{"name": "DOCKER_TLS_VERIFY", "value": "1"},
				{"name": "NOTHING", "value": ""},
				object.union({"name": "DOCKER_TLS_VERIFY"}, later),
			],
		}]})
	]
	found == [expected, expected, expected]
}

test_fail_plain_port_despite_tls if {
	expected := {
		{
			"msg": "container \"build\" uses the Docker API without TLS at tcp://docker:2375",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/env/0/value",
				"severity": "high",
			},
		},
	}
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [
					{"name": "DOCKER_HOST", "value": "tcp://docker:2375"},
					{"name": "DOCKER_TLS_VERIFY", "value": "1"},
				],
			},
		],
	})
	violations == expected
}

test_fail_b17_config_map if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" takes DOCKER_HOST from elsewhere: it cannot be told whether TLS",
				"guards the Docker daemon there",
			]),
			"details": {
				"container": "build",
				"path": "/spec/containers/0/env/0/valueFrom",
				"severity": "low",
			},
		},
	}
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [
					{
						"name": "DOCKER_HOST",
						"valueFrom": {"configMapKeyRef": {"name": "docker", "key": "host"}},
					},
				],
			},
		],
	})
	violations == expected
}

test_fail_unresolved if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" uses a Docker daemon at $(DOCKER_URL): it cannot be told whether",
				"TLS guards it",
			]),
			"details": {
				"container": "build",
				"path": "/spec/containers/0/env/0/value",
				"severity": "low",
			},
		},
	}
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{"name": "build", "env": [{"name": "DOCKER_HOST", "value": "$(DOCKER_URL)"}]},
		],
	})
	violations == expected
}

test_fail_b17_node_address if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" takes the node's address for DOCKER_HOST, and so drives the node's",
				"Docker daemon",
			]),
			"details": {
				"container": "build",
				"path": "/spec/containers/0/env/0/valueFrom",
				"severity": "critical",
			},
		},
	}
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [
					{
						"name": "DOCKER_HOST",
						"valueFrom": {"fieldRef": {"fieldPath": "status.hostIP"}},
					},
				],
			},
		],
	})
	violations == expected
}

test_fail_b17_node_address_in_a_variable if {
	expected := {
		{
			"msg": "container \"build\" uses the Docker API without TLS at tcp://$(IP):2375",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/env/1/value",
				"severity": "critical",
			},
		},
	}
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [
					{"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.hostIP"}}},
					{"name": "DOCKER_HOST", "value": "tcp://$(IP):2375"},
				],
			},
		],
	})
	violations == expected
}

test_fail_b17_node_address_by_name if {
	expected := {
		{
			"msg": "container \"build\" uses the Docker API without TLS at tcp://$(NODE_IP):2375",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/env/0/value",
				"severity": "critical",
			},
		},
	}
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{"name": "build", "env": [{"name": "DOCKER_HOST", "value": "tcp://$(NODE_IP):2375"}]},
		],
	})
	violations == expected
}

test_fail_own_address if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" takes the pod's own address for DOCKER_HOST, and so drives a Docker",
				"daemon without TLS",
			]),
			"details": {
				"container": "build",
				"path": "/spec/containers/0/env/0/valueFrom",
				"severity": "medium",
			},
		},
	}
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [
					{
						"name": "DOCKER_HOST",
						"valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}},
					},
				],
			},
		],
	})
	violations == expected
}

test_fail_own_address_in_a_variable if {
	expected := {
		{
			"msg": "container \"build\" uses the Docker API without TLS at tcp://$(IP):2375",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/env/1/value",
				"severity": "medium",
			},
		},
	}
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [
					{"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
					{"name": "DOCKER_HOST", "value": "tcp://$(IP):2375"},
				],
			},
		],
	})
	violations == expected
}

test_fail_address_in_a_variable if {
	expected := {
		{
			"msg": "container \"build\" uses the Docker API without TLS at tcp://$(IP):2375",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/env/2/value",
				"severity": "high",
			},
		},
	}
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [
					{"name": "IP", "value": "old"},
					{"name": "IP", "value": "docker.ci.svc"},
					{"name": "DOCKER_HOST", "value": "tcp://$(IP):2375"},
				],
			},
		],
	})
	violations == expected
}

test_fail_b17_script if {
	expected := {
		{
			"msg": "container \"build\" uses the Docker API without TLS at tcp://docker:2375",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/args/0",
				"severity": "high",
			},
		},
	}
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"image": "alpine:3.22",
				"args": [
					"# DOCKER_HOST=tcp://commented.out:2375\nexport DOCKER_HOST=\"tcp://docker:2375\"\n",
				],
			},
		],
	})
	violations == expected
}

test_fail_client_option if {
	expected := {
		{
			"msg": "container \"build\" uses the Docker API without TLS at tcp://docker:2375",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/args/0",
				"severity": "high",
			},
		},
	}
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"image": "alpine:3.22",
				"args": ["docker -H tcp://docker:2375 build ."],
			},
		],
	})
	violations == expected
}

test_fail_daemon_listens_to_all if {
	expected := {
		{
			"msg": "container \"build\" uses the Docker API without TLS at tcp://0.0.0.0:2375",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/args/0",
				"severity": "high",
			},
		},
		{
			"msg": concat(" ", [
				"container \"build\" turns TLS off, so that its Docker daemon listens to everybody on",
				"port 2375",
			]),
			"details": {
				"container": "build",
				"path": "/spec/containers/0/args/1",
				"severity": "high",
			},
		},
	}
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"image": "docker:27-dind",
				"args": ["--host=tcp://0.0.0.0:2375", "--tls=false"],
			},
		],
	})
	violations == expected
}

test_fail_daemon_listens_to_localhost if {
	expected := {
		{
			"msg": "container \"build\" uses the Docker API without TLS at tcp://127.0.0.1:2375",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/args/2",
				"severity": "medium",
			},
		},
	}
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"image": "alpine:3.22",
				"args": ["dockerd", "-H", "tcp://127.0.0.1:2375"],
			},
		],
	})
	violations == expected
}

test_fail_an_address_without_a_scheme if {
	every words in [
		["dockerd", "-H", "0.0.0.0:2375"],
		["dockerd", "--host", "0.0.0.0:2375"],
		["/usr/local/bin/dockerd", "--debug", "-H=0.0.0.0:2375"],
		["dockerd", "--host=0.0.0.0:2375"],
		["docker", "--debug", "-H0.0.0.0:2375", "ps"],
		["docker", "-H", "0.0.0.0", "ps"],
	] {
		violations := docker_tcp.violation with input as _pod({"containers": [{"name": "build", "command": words}]})
		count(violations) == 1
	}
}

test_fail_options_for_the_program_of_the_image if {
	expected := {{
		"msg": "container \"dind\" uses the Docker API without TLS at 0.0.0.0:2375",
		"details": {
			"container": "dind",
			"path": "/spec/containers/0/args/1",
			"severity": "high",
		},
	}}
	violations := docker_tcp.violation with input as _pod({"containers": [{
		"name": "dind",
		"image": "docker:27-dind",
		"args": ["-H", "0.0.0.0:2375"],
	}]})
	violations == expected
}

test_fail_the_node_without_a_scheme if {
	expected := {{
		"msg": "container \"build\" uses the Docker API without TLS at $(HOST_IP):2375",
		"details": {
			"container": "build",
			"path": "/spec/containers/0/command/2",
			"severity": "critical",
		},
	}}
	violations := docker_tcp.violation with input as _pod({"containers": [{
		"name": "build",
		"command": ["docker", "-H", "$(HOST_IP):2375", "ps"],
		"env": [{"name": "HOST_IP", "valueFrom": {"fieldRef": {"fieldPath": "status.hostIP"}}}],
	}]})
	violations == expected
}

test_success_the_option_of_another_program if {
	every words in [
		["sh", "-c", "docker version; curl -H Accept:text/plain https://registry.example.com"],
		["sh", "-c", "docker run --rm tools psql -H db:5432"],
		["docker", "-H", "unix:///run/user/1000/docker.sock", "ps"],
		["dockerd", "-H", "fd://"],
	] {
		violations := docker_tcp.violation with input as _pod({"containers": [{"name": "build", "command": words}]})
		violations == set()
	}
}

test_success_an_address_that_is_only_printed if {
	violations := docker_tcp.violation with input as _pod({"containers": [{
		"name": "build",
		"command": ["sh", "-c", "echo set DOCKER_HOST=tcp://docker:2375"],
	}]})
	violations == set()
}

test_fail_any_address_of_a_client if {
	expected := {
		{
			"msg": "container \"build\" uses the Docker API without TLS at tcp://0.0.0.0:2375",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/args/0",
				"severity": "medium",
			},
		},
	}
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"image": "alpine:3.22",
				"args": ["DOCKER_HOST=tcp://0.0.0.0:2375 make"],
			},
		],
	})
	violations == expected
}

test_fail_no_certificates if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"dind\" turns TLS off, so that its Docker daemon listens to everybody on",
				"port 2375",
			]),
			"details": {
				"container": "dind",
				"path": "/spec/containers/0/env/0/value",
				"severity": "high",
			},
		},
	}
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{
				"name": "dind",
				"image": "docker:27-dind",
				"env": [{"name": "DOCKER_TLS_CERTDIR", "value": ""}],
			},
		],
	})
	violations == expected
}

test_fail_tls_off if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" turns TLS off, so that its Docker daemon listens to everybody on",
				"port 2375",
			]),
			"details": {
				"container": "build",
				"path": "/spec/containers/0/args/0",
				"severity": "high",
			},
		},
	}
	violations := docker_tcp.violation with input as _pod({
		"containers": [{"name": "build", "image": "docker:27-dind", "args": ["--tls=false"]}],
	})
	violations == expected
}

test_fail_port if {
	expected := {
		{
			"msg": "container \"build\" opens port 2375, the Docker API without TLS",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/ports/0/containerPort",
				"severity": "high",
			},
		},
	}
	violations := docker_tcp.violation with input as _pod({
		"containers": [{"name": "build", "ports": [{"containerPort": 2375}]}],
	})
	violations == expected
}

test_fail_port_of_the_node if {
	expected := {
		{
			"msg": "container \"build\" opens port 2375, the Docker API without TLS",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/ports/0/hostPort",
				"severity": "critical",
			},
		},
	}
	violations := docker_tcp.violation with input as _pod({
		"containers": [{"name": "build", "ports": [{"containerPort": 2375, "hostPort": 2375}]}],
	})
	violations == expected
}

test_fail_b18_host_network if {
	expected := {
		{
			"msg": "container \"build\" uses the Docker API without TLS at tcp://127.0.0.1:2375",
			"details": {
				"container": "build",
				"path": "/spec/containers/0/env/0/value",
				"severity": "critical",
			},
		},
	}
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{"name": "build", "env": [{"name": "DOCKER_HOST", "value": "tcp://127.0.0.1:2375"}]},
		],
		"hostNetwork": true,
	})
	violations == expected
}

test_success_tls if {
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [
					{"name": "DOCKER_HOST", "value": "tcp://docker:2376"},
					{"name": "DOCKER_TLS_VERIFY", "value": "1"},
				],
			},
		],
	})
	violations == set()
}

test_success_tls_from_a_secret if {
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [
					{"name": "DOCKER_HOST", "value": "tcp://docker:2376"},
					{
						"name": "DOCKER_CERT_PATH",
						"valueFrom": {"secretKeyRef": {"name": "docker", "key": "path"}},
					},
				],
			},
		],
	})
	violations == set()
}

test_success_tls_options if {
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"image": "alpine:3.22",
				"args": ["dockerd", "--tlsverify", "-H", "tcp://0.0.0.0:2376"],
			},
		],
	})
	violations == set()
}

test_success_f07_unix if {
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [{"name": "DOCKER_HOST", "value": "unix:///run/user/1000/docker.sock"}],
			},
		],
	})
	violations == set()
}

test_success_b17_ssh if {
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{"name": "build", "env": [{"name": "DOCKER_HOST", "value": "ssh://build@docker"}]},
		],
	})
	violations == set()
}

test_success_b17_npipe if {
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [{"name": "DOCKER_HOST", "value": "npipe:////./pipe/docker_engine"}],
			},
		],
	})
	violations == set()
}

test_success_b17_fd if {
	violations := docker_tcp.violation with input as _pod({
		"containers": [{"name": "build", "env": [{"name": "DOCKER_HOST", "value": "fd:"}]}],
	})
	violations == set()
}

test_success_empty if {
	violations := docker_tcp.violation with input as _pod({
		"containers": [{"name": "build", "env": [{"name": "DOCKER_HOST", "value": ""}]}],
	})
	violations == set()
}

test_fail_no_value_for_certificates if {
	expected := {{
		"msg": concat(" ", [
			"container \"dind\" turns TLS off, so that its Docker daemon listens to everybody on",
			"port 2375",
		]),
		"details": {"container": "dind", "path": "/spec/containers/0/env/0", "severity": "high"},
	}}
	found := [violations |
		some more in [{}, {"value": null}]
		violations := docker_tcp.violation with input as _pod({"containers": [{
			"name": "dind",
			"image": "docker:27-dind",
			"env": [object.union({"name": "DOCKER_TLS_CERTDIR"}, more)],
		}]})
	]
	found == [expected, expected]
}

test_fail_password_is_not_shown if {
	found := {msg |
		some value in [
			"tcp://user:secret@docker:2375",
			"HTTP://user:sec@ret@docker:2375",
			"user:secret@docker:2375",
			"$(USER):secret@docker:2375",
		]
		violations := docker_tcp.violation with input as _pod({"containers": [{
			"name": "build",
			"env": [{"name": "DOCKER_HOST", "value": value}],
		}]})
		some msg in [violation.msg | some violation in violations]
	}
	found == {
		"container \"build\" uses the Docker API without TLS at tcp://docker:2375",
		"container \"build\" uses the Docker API without TLS at HTTP://docker:2375",
		"container \"build\" uses the Docker API without TLS at docker:2375",
		"container \"build\" uses a Docker daemon at docker:2375: it cannot be told whether TLS guards it",
	}
}

test_success_certificates if {
	found := [violations |
		some more in [{"value": "/certs"}, {"valueFrom": {"configMapKeyRef": {"name": "a", "key": "b"}}}]
		violations := docker_tcp.violation with input as _pod({"containers": [{
			"name": "dind",
			"image": "docker:27-dind",
			"env": [object.union({"name": "DOCKER_TLS_CERTDIR"}, more)],
		}]})
	]
	found == [set(), set()]
}

test_success_no_certificates_for_a_client if {
	violations := docker_tcp.violation with input as _pod({
		"containers": [{"name": "build", "env": [{"name": "DOCKER_TLS_CERTDIR", "value": ""}]}],
	})
	violations == set()
}

test_success_buildkit if {
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"image": "alpine:3.22",
				"args": ["buildctl", "--addr", "tcp://buildkitd:1234"],
			},
		],
	})
	violations == set()
}

test_success_script_with_a_variable if {
	violations := docker_tcp.violation with input as _pod({
		"containers": [
			{"name": "build", "image": "alpine:3.22", "args": ["export DOCKER_HOST=$DOCKER_URL"]},
		],
	})
	violations == set()
}

test_success_nulls if {
	violations := docker_tcp.violation with input as _pod({
		"containers": [{"name": "build", "env": null, "args": null, "ports": null}],
	})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
