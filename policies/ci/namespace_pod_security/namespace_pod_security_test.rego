package podgate.ci.namespace_pod_security_test

import rego.v1

import data.podgate.ci.namespace_pod_security

test_fail_no_label if {
	expected := {{"details": {"path": "/metadata", "severity": "medium"}, "msg": "the namespace has no label \"pod-security.kubernetes.io/enforce\": unless the API server is configured otherwise, any pod is admitted, privileged ones too"}}
	violations := namespace_pod_security.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci"}}}}
	violations == expected
}

test_fail_only_warns if {
	expected := {{"details": {"path": "/metadata", "severity": "medium"}, "msg": "the namespace has no label \"pod-security.kubernetes.io/enforce\": unless the API server is configured otherwise, any pod is admitted, privileged ones too"}}
	violations := namespace_pod_security.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci", "labels": {"pod-security.kubernetes.io/warn": "restricted"}}}}}
	violations == expected
}

test_fail_null_labels if {
	expected := {{"details": {"path": "/metadata", "severity": "medium"}, "msg": "the namespace has no label \"pod-security.kubernetes.io/enforce\": unless the API server is configured otherwise, any pod is admitted, privileged ones too"}}
	violations := namespace_pod_security.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci", "labels": null}}}}
	violations == expected
}

test_fail_privileged if {
	expected := {{"details": {"path": "/metadata/labels/pod-security.kubernetes.io~1enforce", "severity": "medium"}, "msg": "the namespace enforces the level privileged, which refuses no pod"}}
	violations := namespace_pod_security.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci", "labels": {"pod-security.kubernetes.io/enforce": "privileged"}}}}}
	violations == expected
}

test_fail_no_level if {
	expected := {{"details": {"path": "/metadata/labels/pod-security.kubernetes.io~1enforce", "severity": "medium"}, "msg": "the namespace enforces \"Restricted\", which is no level: the API server refuses the namespace"}}
	violations := namespace_pod_security.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci", "labels": {"pod-security.kubernetes.io/enforce": "Restricted"}}}}}
	violations == expected
}

test_fail_old_version if {
	expected := {{"details": {"path": "/metadata/labels/pod-security.kubernetes.io~1enforce-version", "severity": "low"}, "msg": "the namespace enforces restricted as it was in Kubernetes v1.24, without the checks added up to v1.34"}}
	violations := namespace_pod_security.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci", "labels": {"pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/enforce-version": "v1.24"}}}}}
	violations == expected
}

test_fail_no_version if {
	expected := {{"details": {"path": "/metadata/labels/pod-security.kubernetes.io~1enforce-version", "severity": "low"}, "msg": "the namespace enforces version \"1.34\", which is none: the API server refuses the namespace"}}
	violations := namespace_pod_security.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci", "labels": {"pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/enforce-version": "1.34"}}}}}
	violations == expected
}

test_fail_no_number if {
	expected := {{"details": {"path": "/metadata/labels/pod-security.kubernetes.io~1enforce-version", "severity": "low"}, "msg": "the namespace enforces version \"v1.x\", which is none: the API server refuses the namespace"}}
	violations := namespace_pod_security.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci", "labels": {"pod-security.kubernetes.io/enforce": "baseline", "pod-security.kubernetes.io/enforce-version": "v1.x"}}}}}
	violations == expected
}

test_fail_oldest_by_parameter if {
	expected := {{"details": {"path": "/metadata/labels/pod-security.kubernetes.io~1enforce-version", "severity": "low"}, "msg": "the namespace enforces baseline as it was in Kubernetes v1.35, without the checks added up to v1.36"}}
	violations := namespace_pod_security.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci", "labels": {"pod-security.kubernetes.io/enforce": "baseline", "pod-security.kubernetes.io/enforce-version": "v1.35"}}}}, "parameters": {"oldestPodSecurityVersion": "v1.36"}}
	violations == expected
}

test_fail_system_namespace_by_parameter if {
	expected := {{"details": {"path": "/metadata", "severity": "medium"}, "msg": "the namespace has no label \"pod-security.kubernetes.io/enforce\": unless the API server is configured otherwise, any pod is admitted, privileged ones too"}}
	violations := namespace_pod_security.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "kube-system"}}}, "parameters": {"podSecurityExempt": ["monitoring"]}}
	violations == expected
}

test_fail_bare_object if {
	expected := {{"details": {"path": "/metadata", "severity": "medium"}, "msg": "the namespace has no label \"pod-security.kubernetes.io/enforce\": unless the API server is configured otherwise, any pod is admitted, privileged ones too"}}
	violations := namespace_pod_security.violation with input as {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci"}}
	violations == expected
}

test_success_baseline if {
	violations := namespace_pod_security.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci", "labels": {"pod-security.kubernetes.io/enforce": "baseline"}}}}}
	violations == set()
}

test_success_latest if {
	violations := namespace_pod_security.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci", "labels": {"pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/enforce-version": "latest"}}}}}
	violations == set()
}

test_success_recent if {
	violations := namespace_pod_security.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci", "labels": {"pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/enforce-version": "v1.34"}}}}}
	violations == set()
}

test_success_old_by_parameter if {
	violations := namespace_pod_security.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci", "labels": {"pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/enforce-version": "v1.24"}}}}, "parameters": {"oldestPodSecurityVersion": "v1.24"}}
	violations == set()
}

test_success_system_namespace if {
	violations := namespace_pod_security.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "kube-system"}}}}
	violations == set()
}

test_success_exempt_by_parameter if {
	violations := namespace_pod_security.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "monitoring"}}}, "parameters": {"podSecurityExempt": ["monitoring"]}}
	violations == set()
}

test_success_a_part if {
	violations := namespace_pod_security.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ci"}}}, "partial": true}
	violations == set()
}

test_success_no_namespace if {
	violations := namespace_pod_security.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}}}}
	violations == set()
}

test_success_nulls if {
	violations := namespace_pod_security.violation with input as {"review": {"object": {"apiVersion": "v1", "kind": "Namespace", "metadata": null}}}
	violations == set()
}
