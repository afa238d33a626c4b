package lib.podgate.annotation_test

import rego.v1

import data.lib.podgate.annotation

test_success_every_known_annotation if {
	found := annotation.loosening with input as {"metadata": {"annotations": {
		"container.apparmor.security.beta.kubernetes.io/a": "unconfined",
		"example.com/owner": "ci",
		"io.kubernetes.cri-o.Devices": "/dev/fuse",
		"seccomp.security.alpha.kubernetes.io/pod": "unconfined",
	}}}
	found == [
		{
			"about": "apparmor",
			"key": "container.apparmor.security.beta.kubernetes.io/a",
			"value": "unconfined",
			"at": "/metadata/annotations/container.apparmor.security.beta.kubernetes.io~1a",
			"owner": {"container": "a"},
		},
		{
			"about": "devices",
			"key": "io.kubernetes.cri-o.Devices",
			"value": "/dev/fuse",
			"at": "/metadata/annotations/io.kubernetes.cri-o.Devices",
			"owner": {},
		},
		{
			"about": "seccomp",
			"key": "seccomp.security.alpha.kubernetes.io/pod",
			"value": "unconfined",
			"at": "/metadata/annotations/seccomp.security.alpha.kubernetes.io~1pod",
			"owner": {},
		},
	]
}

test_success_none if {
	every metadata in [{}, {"annotations": null}, {"annotations": "x"}, {"annotations": {}}] {
		annotation.loosening == [] with input as {"metadata": metadata}
	}
}
