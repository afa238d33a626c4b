# The parameters of the policies, wherever a host keeps them.
package lib.podgate.parameter

import rego.v1

# Gatekeeper and podgate pass them beside the review; OPA and Conftest have them in their data.
values := input.parameters if {
	is_object(input.parameters)
} else := data.parameters if {
	is_object(data.parameters)
} else := {}
