package podgate.ci.gitlab_open_images_test

import rego.v1

import data.podgate.ci.gitlab_open_images

_review(notes) := {"notes": notes, "review": {"object": {"kind": "Pod", "spec": {"containers": []}}}}

_note := {
	"kind": "setting",
	"name": "gitlab-open-images",
	"pointer": "/runners/0/kubernetes/privileged",
	"field": "privileged",
	"values": ["allowed_images", "allowed_services"],
}

test_fail_any_image if {
	expected := {{
		"msg": concat(" ", [
			"containers are privileged, and jobs choose their images:",
			"allowed_images and allowed_services do not say which",
		]),
		"details": {"pointer": "/runners/0/kubernetes/privileged"},
	}}
	violations := gitlab_open_images.violation with input as _review([_note])
	violations == expected
}

test_success_other_settings if {
	violations := gitlab_open_images.violation with input as _review([object.union(_note, {"name": "other"})])
	violations == set()
}

test_success_no_notes if {
	violations := gitlab_open_images.violation with input as {"kind": "Pod", "spec": {"containers": []}}
	violations == set()
}
