package lib.podgate.hardening_test

import rego.v1

import data.lib.podgate.hardening

test_success_nothing_of_a_hardened_pod if {
	pod := {"spec": {
		"securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
		"containers": [
			{"name": "a", "securityContext": {
				"allowPrivilegeEscalation": false,
				"capabilities": {"drop": ["ALL"]},
				"readOnlyRootFilesystem": true,
			}},
			{"name": "b", "securityContext": {
				"allowPrivilegeEscalation": false,
				"appArmorProfile": {"type": "RuntimeDefault"},
				"capabilities": {"drop": ["NET_RAW", "ALL"]},
				"readOnlyRootFilesystem": true,
				"seccompProfile": {"type": "Localhost", "localhostProfile": "b.json"},
			}},
		],
	}}
	hardening.open == [] with input as pod
	hardening.settings == [] with input as pod
	hardening.sysctls == [] with input as pod
	hardening.writable_roots == [] with input as pod
}

test_success_nothing_without_a_pod if {
	every nothing in [null, {}, [], {"spec": null}, {"spec": {"securityContext": null, "containers": [null]}}] {
		hardening.open == [] with input as nothing
		hardening.settings == [] with input as nothing
		hardening.sysctls == [] with input as nothing
		hardening.writable_roots == [] with input as nothing
	}
}

test_fail_one_open_of_two if {
	pod := {"spec": {"containers": [
		{"name": "a", "securityContext": {
			"allowPrivilegeEscalation": false,
			"capabilities": {"drop": ["ALL"]},
			"seccompProfile": {"type": "RuntimeDefault"},
		}},
		{"name": "b"},
	]}}
	[gap.at | some gap in hardening.open] == ["/spec/containers/1"] with input as pod
}
