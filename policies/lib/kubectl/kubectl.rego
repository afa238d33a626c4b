# What `kubectl` and `oc` ask a cluster for that is on a node.
package lib.podgate.kubectl

import future.keywords.not
import rego.v1

# What a command asks for, given its words; undefined where that is nothing on the node.
asked(name, texts) := sprintf("%v debug %v", [name, nodes[0]]) if {
	"debug" in texts
	nodes := [text | some text in texts; strings.any_prefix_match(text, ["no/", "node/", "nodes/"])]
	count(nodes) > 0
} else := sprintf("%v debug --profile sysadmin", [name]) if {
	"debug" in texts
	contains(sprintf("%v ", [concat(" ", texts)]), "sysadmin ")
} else := sprintf("%v node-shell", [name]) if {
	texts[0] == "node-shell"
} else := sprintf("%v run %v", [name, concat(" ", options)]) if {
	own := _own(texts)
	"run" in split(own, "\n")
	options := array.concat(_privileged(own), _given(own, "--overrides"))
	count(options) > 0
} else := sprintf("%v patch %v", [name, given[0]]) if {
	"patch" in texts
	given := _given(_own(texts), "-p")
	count(given) > 0
}

_own(texts) := split(concat("\n", texts), "\n--\n")[0]

_privileged(own) := [text |
	some text in split(own, "\n")
	startswith(text, "--privileged")
	not trim_prefix(lower(text), "--privileged") in {"=0", "=f", "=false"}
]

# What a pod is given behind an option, as JSON, YAML or a JSON patch.
_given(own, option) := [] if {
	not contains(own, option)
} else := [sprintf("%v with %v", [option, concat(" and ", sort(given))]) |
	text := replace(strings.replace_n({"\"": "", "\n": "", " ": ""}, lower(own)), ",value:", ":")
	given := {shown | some mark, shown in _overrides; contains(text, mark)}
	count(given) > 0
]

_overrides := {
	"hostipc:true": "hostIPC",
	"hostnetwork:true": "hostNetwork",
	"hostpath:": "hostPath",
	"hostpid:true": "hostPID",
	"nsenter": "nsenter",
	"privileged:true": "privileged",
}
