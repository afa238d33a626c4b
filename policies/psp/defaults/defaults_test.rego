package podgate.psp.defaults_test

import rego.v1

import data.podgate.psp.defaults

test_fail_restricted if {
	expected := {
		{
			"msg": "pod lacks securityContext.fsGroup, which PodSecurityPolicy would have set to 1; now nothing does",
			"details": {"path": "/spec/securityContext/fsGroup", "container": ""},
		},
		{
			"msg": "pod lacks securityContext.supplementalGroups, which PodSecurityPolicy would have set to 1; now nothing does",
			"details": {"path": "/spec/securityContext/supplementalGroups", "container": ""},
		},
		{
			"msg": "container \"build\" lacks securityContext.runAsNonRoot, which PodSecurityPolicy would have set to true; now nothing does",
			"details": {
				"path": "/spec/containers/0/securityContext/runAsNonRoot",
				"container": "build",
			},
		},
		{
			"msg": "container \"build\" lacks securityContext.appArmorProfile, which PodSecurityPolicy would have set to runtime/default; now nothing does",
			"details": {
				"path": "/spec/containers/0/securityContext/appArmorProfile",
				"container": "build",
			},
		},
		{
			"msg": "container \"build\" lacks securityContext.capabilities.drop, which PodSecurityPolicy would have set to ALL; now nothing does",
			"details": {
				"path": "/spec/containers/0/securityContext/capabilities/drop",
				"container": "build",
			},
		},
		{
			"msg": "container \"build\" lacks securityContext.allowPrivilegeEscalation, which PodSecurityPolicy would have set to false; now nothing does",
			"details": {
				"path": "/spec/containers/0/securityContext/allowPrivilegeEscalation",
				"container": "build",
			},
		},
	}
	violations := defaults.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [{"name": "build"}]},
			},
		},
		"parameters": {},
	}
	violations == expected
}

test_fail_all if {
	expected := {
		{
			"msg": "pod lacks securityContext.seLinuxOptions, which PodSecurityPolicy would have set to {\"level\": \"s0\"}; now nothing does",
			"details": {"path": "/spec/securityContext/seLinuxOptions", "container": ""},
		},
		{
			"msg": "pod lacks securityContext.seccompProfile, which PodSecurityPolicy would have set to runtime/default; now nothing does",
			"details": {"path": "/spec/securityContext/seccompProfile", "container": ""},
		},
		{
			"msg": "pod lacks runtimeClassName, which PodSecurityPolicy would have set to kata; now nothing does",
			"details": {"path": "/spec/runtimeClassName", "container": ""},
		},
		{
			"msg": "container \"build\" lacks securityContext.runAsUser, which PodSecurityPolicy would have set to 7; now nothing does",
			"details": {
				"path": "/spec/containers/0/securityContext/runAsUser",
				"container": "build",
			},
		},
		{
			"msg": "container \"build\" lacks securityContext.runAsGroup, which PodSecurityPolicy would have set to 7; now nothing does",
			"details": {
				"path": "/spec/containers/0/securityContext/runAsGroup",
				"container": "build",
			},
		},
		{
			"msg": "container \"build\" lacks securityContext.capabilities.add, which PodSecurityPolicy would have set to CHOWN; now nothing does",
			"details": {
				"path": "/spec/containers/0/securityContext/capabilities/add",
				"container": "build",
			},
		},
		{
			"msg": "container \"build\" lacks securityContext.readOnlyRootFilesystem, which PodSecurityPolicy would have set to true; now nothing does",
			"details": {
				"path": "/spec/containers/0/securityContext/readOnlyRootFilesystem",
				"container": "build",
			},
		},
		{
			"msg": "container \"build\" lacks securityContext.allowPrivilegeEscalation, which PodSecurityPolicy would have set to false; now nothing does",
			"details": {
				"path": "/spec/containers/0/securityContext/allowPrivilegeEscalation",
				"container": "build",
			},
		},
	}
	violations := defaults.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"securityContext": {
								"capabilities": {
									"add": ["KILL"],
									"drop": ["FOWNER"],
								},
							},
						},
					],
				},
			},
		},
		"parameters": {
			"podSecurityPolicy": "privileged",
			"seLinux": {"rule": "MustRunAs", "seLinuxOptions": {"level": "s0"}},
			"seccomp.security.alpha.kubernetes.io/defaultProfileName": "runtime/default",
			"runtimeClass": {"allowedRuntimeClassNames": ["kata"], "defaultRuntimeClassName": "kata"},
			"runAsUser": {"rule": "MustRunAs", "ranges": [{"min": 7, "max": 9}]},
			"runAsGroup": {"rule": "MustRunAs", "ranges": [{"min": 7, "max": 9}]},
			"readOnlyRootFilesystem": true,
			"defaultAddCapabilities": ["KILL", "CHOWN", "FOWNER"],
			"defaultAllowPrivilegeEscalation": false,
		},
	}
	violations == expected
}

test_success_all_set if {
	violations := defaults.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {
					"containers": [
						{
							"name": "build",
							"securityContext": {
								"runAsUser": 5,
								"allowPrivilegeEscalation": false,
								"capabilities": {"drop": ["ALL"]},
								"appArmorProfile": {"type": "RuntimeDefault"},
							},
						},
					],
					"securityContext": {
						"fsGroup": 5,
						"supplementalGroups": [5],
						"seLinuxOptions": {"level": "s0"},
						"seccompProfile": {"type": "RuntimeDefault"},
					},
				},
			},
		},
		"parameters": {
			"seLinux": {"rule": "MustRunAs", "seLinuxOptions": {"level": "s0"}},
			"defaultAllowPrivilegeEscalation": false,
		},
	}
	violations == set()
}

test_success_nothing_to_set if {
	violations := defaults.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [{"name": "build"}]},
			},
		},
		"parameters": {"podSecurityPolicy": "privileged"},
	}
	violations == set()
}

test_success_part if {
	violations := defaults.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"spec": {"containers": [{"name": "build"}]},
			},
		},
		"parameters": {},
		"partial": true,
	}
	violations == set()
}
