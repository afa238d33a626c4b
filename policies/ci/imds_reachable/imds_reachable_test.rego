package podgate.ci.imds_reachable_test

import rego.v1

import data.podgate.ci.imds_reachable

test_fail_tokens_optional if {
	expected := {{"details": {"path": "/spec/instanceMetadata/httpTokens", "severity": "medium"}, "msg": "httpTokens is \"optional\": one plain request from any pod gets the credentials of the node"}}
	violations := imds_reachable.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "InstanceGroup", "metadata": {"name": "ci.example.com"}, "spec": {"instanceMetadata": {"httpTokens": "optional", "httpPutResponseHopLimit": 1}}}}}
	violations == expected
}

test_fail_hop_limit if {
	expected := {{"details": {"path": "/spec/instanceMetadata/httpPutResponseHopLimit", "severity": "medium"}, "msg": "httpPutResponseHopLimit is 3: the answer with the token reaches pods that are not on the host's network"}}
	violations := imds_reachable.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "InstanceGroup", "metadata": {"name": "ci.example.com"}, "spec": {"instanceMetadata": {"httpTokens": "required", "httpPutResponseHopLimit": 3}}}}}
	violations == expected
}

test_fail_both if {
	expected := {
		{"details": {"path": "/spec/instanceMetadata/httpPutResponseHopLimit", "severity": "medium"}, "msg": "httpPutResponseHopLimit is 2: the answer with the token reaches pods that are not on the host's network"},
		{"details": {"path": "/spec/instanceMetadata/httpTokens", "severity": "medium"}, "msg": "httpTokens is \"optional\": one plain request from any pod gets the credentials of the node"},
	}
	violations := imds_reachable.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "InstanceGroup", "metadata": {"name": "ci.example.com"}, "spec": {"role": "Node", "instanceMetadata": {"httpTokens": "optional", "httpPutResponseHopLimit": "2"}}}}}
	violations == expected
}

test_fail_not_set if {
	expected := {{"details": {"path": "/spec/instanceMetadata", "severity": "low"}, "msg": "httpTokens is not set: only from Kubernetes 1.27 on does kops require tokens by itself"}}
	violations := imds_reachable.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "InstanceGroup", "metadata": {"name": "ci.example.com"}, "spec": {"role": "Node", "machineType": "t3.large"}}}}
	violations == expected
}

test_fail_tokens_not_set if {
	expected := {{"details": {"path": "/spec/instanceMetadata", "severity": "low"}, "msg": "httpTokens is not set: only from Kubernetes 1.27 on does kops require tokens by itself"}}
	violations := imds_reachable.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "InstanceGroup", "metadata": {"name": "ci.example.com"}, "spec": {"instanceMetadata": {"httpPutResponseHopLimit": 1, "httpTokens": null}}}}}
	violations == expected
}

test_fail_cluster if {
	expected := {{"details": {"path": "/spec/instanceMetadata/httpTokens", "severity": "medium"}, "msg": "httpTokens is \"optional\": one plain request from any pod gets the credentials of the node"}}
	violations := imds_reachable.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha3", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"instanceMetadata": {"httpTokens": "optional"}}}}}
	violations == expected
}

test_fail_old_group if {
	expected := {{"details": {"path": "/spec/instanceMetadata/httpTokens", "severity": "medium"}, "msg": "httpTokens is \"optional\": one plain request from any pod gets the credentials of the node"}}
	violations := imds_reachable.violation with input as {"review": {"object": {"apiVersion": "kops/v1alpha2", "kind": "InstanceGroup", "metadata": {"name": "ci.example.com"}, "spec": {"instanceMetadata": {"httpTokens": "optional"}}}}}
	violations == expected
}

test_fail_bare_object if {
	expected := {{"details": {"path": "/spec/instanceMetadata/httpTokens", "severity": "medium"}, "msg": "httpTokens is \"optional\": one plain request from any pod gets the credentials of the node"}}
	violations := imds_reachable.violation with input as {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "InstanceGroup", "metadata": {"name": "ci.example.com"}, "spec": {"instanceMetadata": {"httpTokens": "optional"}}}
	violations == expected
}

test_success_required if {
	violations := imds_reachable.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "InstanceGroup", "metadata": {"name": "ci.example.com"}, "spec": {"instanceMetadata": {"httpTokens": "required", "httpPutResponseHopLimit": 1}}}}}
	violations == set()
}

test_success_default_limit if {
	violations := imds_reachable.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "InstanceGroup", "metadata": {"name": "ci.example.com"}, "spec": {"instanceMetadata": {"httpTokens": "required"}}}}}
	violations == set()
}

test_success_other_cloud if {
	violations := imds_reachable.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "InstanceGroup", "metadata": {"name": "ci.example.com"}, "spec": {"machineType": "n1-standard-2"}}}}
	violations == set()
}

test_success_bastion if {
	violations := imds_reachable.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "InstanceGroup", "metadata": {"name": "ci.example.com"}, "spec": {"role": "Bastion"}}}}
	violations == set()
}

test_success_a_part if {
	violations := imds_reachable.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "InstanceGroup", "metadata": {"name": "ci.example.com"}, "spec": {"instanceMetadata": {"httpPutResponseHopLimit": 1}}}}, "partial": true}
	violations == set()
}

test_success_cluster_says_nothing if {
	violations := imds_reachable.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"instanceMetadata": {}}}}}
	violations == set()
}

test_success_cluster_of_others if {
	violations := imds_reachable.violation with input as {"review": {"object": {"apiVersion": "cluster.x-k8s.io/v1beta1", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"instanceMetadata": {"httpTokens": "optional"}}}}}
	violations == set()
}

test_success_nulls if {
	violations := imds_reachable.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "InstanceGroup", "metadata": {"name": "ci.example.com"}, "spec": null}}}
	violations == set()
}

test_success_no_version if {
	violations := imds_reachable.violation with input as {"review": {"object": {"kind": "Cluster", "spec": {"instanceMetadata": {"httpTokens": "optional"}}}}}
	violations == set()
}
