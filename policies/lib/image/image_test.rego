package lib.podgate.image_test

import rego.v1

import data.lib.podgate.image

test_parse if {
	cases := {
		"docker": {"repository": "docker", "name": "docker", "tag": ""},
		"docker:27-DIND": {"repository": "docker", "name": "docker", "tag": "27-dind"},
		"reg:5000/x/docker": {"repository": "reg:5000/x/docker", "name": "docker", "tag": ""},
		"reg:5000/x/docker:dind@sha256:00": {"repository": "reg:5000/x/docker", "name": "docker", "tag": "dind"},
		"docker@sha256:00": {"repository": "docker", "name": "docker", "tag": ""},
	}
	every reference, parsed in cases {
		image.parse(reference) == parsed
	}
}

test_unresolved if {
	every reference in ["$(X)/y", "x:${TAG}", "{{ .Values.image }}"] {
		image.unresolved(reference)
	}
	not image.unresolved("docker:27")
}
