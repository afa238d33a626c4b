package podgate.ci.remote_daemon_env_test

import rego.v1

import data.podgate.ci.remote_daemon_env

test_fail_plain_tcp if {
	expected := {
		{
			"msg": "container \"build\" is led to a daemon by BUILDKIT_HOST: tcp://buildkitd:1234, without TLS",
			"details": {"container": "build", "path": "/spec/containers/0/env/0/value", "severity": "medium"},
		},
	}
	violations := remote_daemon_env.violation with input as _pod({
		"containers": [{"name": "build", "env": [{"name": "BUILDKIT_HOST", "value": "tcp://buildkitd:1234"}]}],
	})
	violations == expected
}

test_fail_every_name if {
	expected := {
		{
			"msg": "container \"build\" is led to a daemon by CONTAINER_HOST: ssh://core@podman",
			"details": {"container": "build", "path": "/spec/containers/0/env/0/value", "severity": "info"},
		},
		{
			"msg": "container \"build\" is led to a daemon by CONTAINERD_ADDRESS: /run/x.sock",
			"details": {"container": "build", "path": "/spec/containers/0/env/1/value", "severity": "info"},
		},
		{
			"msg": "container \"build\" is led to a daemon by CONTAINER_RUNTIME_ENDPOINT: unix:///run/x.sock",
			"details": {"container": "build", "path": "/spec/containers/0/env/2/value", "severity": "info"},
		},
		{
			"msg": "container \"build\" is led to a daemon by TESTCONTAINERS_HOST_OVERRIDE: docker",
			"details": {"container": "build", "path": "/spec/containers/0/env/3/value", "severity": "info"},
		},
	}
	violations := remote_daemon_env.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [
					{"name": "CONTAINER_HOST", "value": "ssh://core@podman"},
					{"name": "CONTAINERD_ADDRESS", "value": "/run/x.sock"},
					{"name": "CONTAINER_RUNTIME_ENDPOINT", "value": "unix:///run/x.sock"},
					{"name": "TESTCONTAINERS_HOST_OVERRIDE", "value": "docker"},
				],
			},
		],
	})
	violations == expected
}

test_fail_f07_docker_socket_of_the_pod if {
	expected := {
		{
			"msg": "container \"build\" is led to a daemon by DOCKER_HOST: unix:///run/user/1000/docker.sock",
			"details": {"container": "build", "path": "/spec/containers/0/env/0/value", "severity": "info"},
		},
	}
	violations := remote_daemon_env.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [{"name": "DOCKER_HOST", "value": "unix:///run/user/1000/docker.sock"}],
			},
		],
		"volumes": [{"name": "s", "emptyDir": {}}],
	})
	violations == expected
}

test_fail_socket_of_the_node if {
	expected := {
		{
			"msg": concat(" ", [
				"container \"build\" is led to a daemon by DOCKER_HOST: unix:///var/run/docker.sock,",
				"and a socket of the node is mounted",
			]),
			"details": {"container": "build", "path": "/spec/containers/0/env/0/value", "severity": "medium"},
		},
	}
	violations := remote_daemon_env.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [{"name": "DOCKER_HOST", "value": "unix:///var/run/docker.sock"}],
			},
		],
		"volumes": [{"name": "s", "hostPath": {"path": "/var/run/docker.sock"}}],
	})
	violations == expected
}

test_fail_source if {
	expected := {
		{
			"msg": "init container \"build\" is led to a daemon by BUILDKIT_HOST: an address that is not seen here",
			"details": {
				"container": "build",
				"path": "/spec/initContainers/0/env/0/valueFrom",
				"severity": "info",
			},
		},
	}
	violations := remote_daemon_env.violation with input as _pod({
		"initContainers": [
			{
				"name": "build",
				"env": [
					{
						"name": "BUILDKIT_HOST",
						"valueFrom": {"configMapKeyRef": {"name": "a", "key": "b"}},
					},
				],
			},
		],
	})
	violations == expected
}

test_fail_tls_by_variable_is_info if {
	expected := {
		{
			"msg": "container \"build\" is led to a daemon by CONTAINER_HOST: tcp://podman:1234",
			"details": {"container": "build", "path": "/spec/containers/0/env/0/value", "severity": "info"},
		},
	}
	violations := remote_daemon_env.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [
					{"name": "CONTAINER_HOST", "value": "tcp://podman:1234"},
					{"name": "CONTAINER_TLS_CERT", "value": "/certs/cert.pem"},
				],
			},
		],
	})
	violations == expected
}

test_fail_tls_by_option_is_info_for_its_container if {
	expected := {
		{
			"msg": "container \"build\" is led to a daemon by BUILDKIT_HOST: tcp://b:1, without TLS",
			"details": {"container": "build", "path": "/spec/containers/0/env/0/value", "severity": "medium"},
		},
		{
			"msg": "container \"other\" is led to a daemon by BUILDKIT_HOST: tcp://b:1",
			"details": {"container": "other", "path": "/spec/containers/1/env/0/value", "severity": "info"},
		},
	}
	violations := remote_daemon_env.violation with input as _pod({
		"containers": [
			{"name": "build", "env": [{"name": "BUILDKIT_HOST", "value": "tcp://b:1"}]},
			{
				"name": "other",
				"env": [{"name": "BUILDKIT_HOST", "value": "tcp://b:1"}],
				"command": ["buildctl", "--tlsdir=/certs"],
			},
		],
	})
	violations == expected
}

test_success_docker_over_tcp_is_ci306 if {
	violations := remote_daemon_env.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [
					{"name": "DOCKER_HOST", "value": "tcp://docker:2375"},
					{"name": "BUILDKIT_HOST", "value": ""},
					{"name": "BUILDKITD_FLAGS", "value": "--x"},
					null,
					{},
					{
						"name": "DOCKER_HOST",
						"valueFrom": {"fieldRef": {"fieldPath": "status.hostIP"}},
					},
				],
			},
		],
	})
	violations == set()
}

test_success_nulls if {
	violations := remote_daemon_env.violation with input as _pod({"containers": null, "initContainers": [null, "x"], "volumes": null, "securityContext": null})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
