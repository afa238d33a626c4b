package podgate.{{group}}.{{name}}_test

import data.podgate.{{group}}.{{name}} as policy
import rego.v1

test_fail_a_container_of_each_kind if {
	spec := {
		"initContainers": [{"name": "fetch", "stdin": true}],
		"containers": [{"name": "build"}, {"name": "shell", "stdin": true}],
		"ephemeralContainers": [{"name": "debug", "stdin": true}],
	}
	policy.violation == {
		{
			"msg": `init container "fetch" keeps its standard input open`,
			"details": {"path": "/spec/initContainers/0/stdin", "container": "fetch"},
		},
		{
			"msg": `container "shell" keeps its standard input open`,
			"details": {"path": "/spec/containers/1/stdin", "container": "shell"},
		},
		{
			"msg": `ephemeral container "debug" keeps its standard input open`,
			"details": {"path": "/spec/ephemeralContainers/0/stdin", "container": "debug"},
		},
	} with input as review(spec)
}

test_success_absent_false_or_allowed if {
	spec := {"containers": [
		{"name": "absent"},
		{"name": "false", "stdin": false},
		{"name": "once", "stdin": true, "stdinOnce": true},
	]}
	policy.violation == set() with input as review(spec)
}

test_success_nothing_to_judge if {
	policy.violation == set() with input as {}
	policy.violation == set() with input as review({})
}

review(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}}}
