package lib.podgate.kubectl_test

import rego.v1

import data.lib.podgate.escape

test_what_a_cluster_is_asked_for if {
	cases := {
		"kubectl debug no/a": "kubectl debug no/a",
		"oc debug node/a": "oc debug node/a",
		"kubectl debug a --profile=sysadmin": "kubectl debug --profile sysadmin",
		"kubectl node-shell a": "kubectl node-shell",
		"kubectl run a --image=b --privileged": "kubectl run --privileged",
		`kubectl run a --overrides '{"spec": {"hostPID": true}}'`: "kubectl run --overrides with hostPID",
		`kubectl patch ds a -p '{"spec":{"template":{"spec":{"hostPID": true, "hostIPC":true}}}}'`: "kubectl patch -p with hostIPC and hostPID",
		`kubectl patch ds a --type json -p='[{"op": "add", "path": "/spec/template/spec/hostNetwork", "value": true}]'`: "kubectl patch -p with hostNetwork",
		"oc -n a patch dc b --patch 'spec: {containers: [{securityContext: {privileged: true}}]}'": "oc patch -p with privileged",
		`kubectl run a --overrides="{\"spec\": {\"hostNetwork\":true, \"x\": \"nsenter\"}}"`: "kubectl run --overrides with hostNetwork and nsenter",
	}
	every script, what in cases {
		_said({"args": [script]}) == [what]
	}
	spec := `{"spec": {"volumes": [{"hostPath": {"path": "/"}}]}}`
	_said({"command": ["kubectl", "run", "a", "--overrides", spec]}) == ["kubectl run --overrides with hostPath"]
	none := [
		"kubectl run a --image=b --privileged=false",
		"kubectl run a --image=b -- c --privileged",
		`kubectl run a --overrides '{"spec": {"nodeName": "n"}}'`,
		"kubectl debug a --profile=netadmin",
		`kubectl patch ds a -p '{"spec":{"hostPID": false}}'`,
		`kubectl get ds a -o jsonpath='{hostPID: true}'`,
		"kubectl debug pod/a",
		"oc get node/a --debug",
	]
	every script in none {
		_said({"args": [script]}) == []
	}
}

_said(spec) := got if {
	got := [found.what | some found in escape.commands] with input as _pod(spec)
}

_pod(spec) := {"review": {"object": {"kind": "Pod", "spec": {"containers": [object.union({"name": "a"}, spec)]}}}}
