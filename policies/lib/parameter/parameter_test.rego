package lib.podgate.parameter_test

import rego.v1

import data.lib.podgate.parameter

test_success_beside_the_review if {
	parameter.values == {"registries": ["a"]} with input as {"parameters": {"registries": ["a"]}}
}

test_success_in_the_data if {
	parameter.values == {"registries": ["b"]} with data.parameters as {"registries": ["b"]}
}

test_success_none if {
	parameter.values == {}
}
