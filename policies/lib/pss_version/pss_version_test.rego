package lib.podgate.pss_version_test

import data.lib.podgate.pss_version
import future.keywords.not
import rego.v1

test_success_nothing_asked_is_the_latest if {
	every parameters in [{}, {"podSecurity": {}}, {"podSecurity": "v1.30"}, {"podSecurity": {"baseline": []}}] {
		pss_version.baseline == [pss_version.latest] with input.parameters as parameters
		pss_version.restricted == [pss_version.latest] with input.parameters as parameters
		pss_version.as_part_of_restricted == [] with input.parameters as parameters
	}
}

test_success_asked if {
	parameters := {"podSecurity": {"baseline": ["v1.20", "latest"], "restricted": ["v1.0"]}}
	pss_version.baseline == [20, pss_version.latest] with input.parameters as parameters
	pss_version.restricted == [0] with input.parameters as parameters
	pss_version.oldest == 0 with input.parameters as parameters
	pss_version.newest == pss_version.latest with input.parameters as parameters
}

test_success_one_level_alone if {
	baseline := {"podSecurity": {"baseline": ["v1.20"]}}
	pss_version.all == [20] with input.parameters as baseline
	pss_version.restricted == [pss_version.latest] with input.parameters as baseline
	restricted := {"podSecurity": {"restricted": ["v1.20"]}}
	pss_version.all == [20] with input.parameters as restricted
	pss_version.baseline == [] with input.parameters as restricted
}

test_success_what_is_no_version_is_the_latest if {
	every version in ["1.30", "v1.", "v1.x", "v1.-1", "v2.0", "v1.99999999", "", 1.30, null] {
		parameters := {"podSecurity": {"baseline": [version]}}
		pss_version.baseline == [pss_version.latest] with input.parameters as parameters
	}
}

test_success_within if {
	pss_version.within([20], 20, 21)
	pss_version.within([30, 3], 0, 4)
	not pss_version.within([20], 21, pss_version.end)
	not pss_version.within([20], 0, 20)
	not pss_version.within([], 0, pss_version.end)
	pss_version.within([pss_version.latest], 37, pss_version.end)
}

test_success_what_a_pod_is_spared if {
	pss_version.before_windows == 25 with input.review.object.spec as {"os": {"name": "windows"}}
	pss_version.before_windows == pss_version.end with input.review.object.spec as {"os": {"name": "linux"}}
	pss_version.before_user_namespaces == 35 with input.review.object.spec as {"hostUsers": false}
	pss_version.before_user_namespaces == pss_version.end with input.review.object.spec as {"hostUsers": null}
}
