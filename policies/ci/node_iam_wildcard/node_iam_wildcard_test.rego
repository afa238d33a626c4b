package podgate.ci.node_iam_wildcard_test

import rego.v1

import data.podgate.ci.node_iam_wildcard

test_fail_service if {
	expected := {
		{"details": {"path": "/spec/additionalPolicies/node/0/Action/0", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may do everything in dynamodb on every resource"},
		{"details": {"path": "/spec/additionalPolicies/node/1/Action/0", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may do everything in es on every resource"},
	}
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": "[{\"Effect\": \"Allow\", \"Action\": [\"dynamodb:*\"], \"Resource\": [\"*\"]}, {\"Effect\": \"Allow\", \"Action\": [\"es:*\"], \"Resource\": [\"*\"]}]"}}}}}
	violations == expected
}

test_fail_everything_as_texts if {
	expected := {{"details": {"path": "/spec/additionalPolicies/node/0/Action", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may do everything in AWS on every resource"}}
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": "[{\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}]"}}}}}
	violations == expected
}

test_fail_second_action if {
	expected := {{"details": {"path": "/spec/additionalPolicies/master/0/Action/1", "severity": "high"}, "msg": "every pod on a node with the role \"master\" may do everything in ecr and do everything in s3 on every resource"}}
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"master": "[{\"Effect\": \"Allow\", \"Action\": [\"s3:GetObject\", \"ecr:*\", \"S3:*\"], \"Resource\": \"*\"}]"}}}}}
	violations == expected
}

test_fail_not_action if {
	expected := {{"details": {"path": "/spec/additionalPolicies/node/0/NotAction", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may do everything in AWS but what NotAction names, on every resource"}}
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": "[{\"Effect\": \"Allow\", \"Resource\": \"*\", \"NotAction\": \"iam:*\"}]"}}}}}
	violations == expected
}

test_fail_not_resource if {
	expected := {{"details": {"path": "/spec/additionalPolicies/bastion/0/Action", "severity": "high"}, "msg": "whoever is on the bastion may do everything in s3 on every resource"}}
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"bastion": "[{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"NotResource\": \"arn:aws:s3:::logs\"}]"}}}}}
	violations == expected
}

test_fail_no_resource if {
	expected := {{"details": {"path": "/spec/additionalPolicies/node/0/Action", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may do everything in s3 on every resource"}}
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": "[{\"Effect\": \"Allow\", \"Action\": \"s3:*\"}]"}}}}}
	violations == expected
}

test_fail_arn_of_everything if {
	expected := {{"details": {"path": "/spec/additionalPolicies/node/0/Action", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may do everything in s3 on every resource"}}
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": "[{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"arn:aws:s3:::*\"}]"}}}}}
	violations == expected
}

test_fail_keys_in_any_case if {
	expected := {{"details": {"path": "/spec/additionalPolicies/node/0/ACTION", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may do everything in s3 on every resource"}}
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": "[{\"effect\": \"allow\", \"ACTION\": \"s3:*\", \"resource\": [\"arn:aws:s3:::a\", \"*\"]}]"}}}}}
	violations == expected
}

test_fail_document if {
	expected := {{"details": {"path": "/spec/additionalPolicies/node/Statement/0/Action", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may do everything in s3 on every resource"}}
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\"}]}"}}}}}
	violations == expected
}

test_fail_document_of_one_statement if {
	expected := {{"details": {"path": "/spec/additionalPolicies/node/statement/Action", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may do everything in s3 on every resource"}}
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": "{\"statement\": {\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\"}}"}}}}}
	violations == expected
}

test_fail_one_statement if {
	expected := {{"details": {"path": "/spec/additionalPolicies/node/Action", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may do everything in s3 on every resource"}}
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": "{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\"}"}}}}}
	violations == expected
}

test_fail_condition if {
	expected := {{"details": {"path": "/spec/additionalPolicies/node/0/Action", "severity": "medium"}, "msg": "every pod on a node with the role \"node\" may do everything in s3 on every resource, under a condition"}}
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": "[{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\", \"Condition\": {\"StringEquals\": {\"aws:RequestedRegion\": \"eu-central-1\"}}}]"}}}}}
	violations == expected
}

test_fail_take_over if {
	expected := {
		{"details": {"path": "/spec/additionalPolicies/node/0/Action/0", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may call sts:AssumeRole on every resource, and so take over other identities"},
		{"details": {"path": "/spec/additionalPolicies/node/1/Action", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may call iam:P* on every resource, and so take over other identities"},
	}
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": "[{\"Effect\": \"Allow\", \"Action\": [\"sts:AssumeRole\", \"ec2:DescribeInstances\"], \"Resource\": \"*\"}, {\"Effect\": \"Allow\", \"Action\": \"iam:P*\", \"Resource\": \"arn:aws:iam::123456789012:role/*\"}]"}}}}}
	violations == expected
}

test_fail_no_json if {
	expected := {{"details": {"path": "/spec/additionalPolicies/node/0", "severity": "medium"}, "msg": "what every pod on a node with the role \"node\" may do is not known: the policy is no list of statements in JSON (not valid JSON: expected `:` after the key)"}}
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": "[{\"Effect\" \"Allow\"}]"}}}}, "notes": [{"kind": "unread", "pointer": "/spec/additionalPolicies/node", "field": "node", "reason": "not valid JSON: expected `:` after the key"}]}
	violations == expected
}

test_fail_no_list if {
	expected := {{"details": {"path": "/spec/additionalPolicies/a~1b~0c/0", "severity": "medium"}, "msg": "what every pod on a node with the role \"a/b~c\" may do is not known: the policy is no list of statements in JSON"}}
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"a/b~c": "7"}}}}}
	violations == expected
}

test_fail_no_text if {
	expected := {{"details": {"path": "/spec/additionalPolicies/node/0", "severity": "medium"}, "msg": "what every pod on a node with the role \"node\" may do is not known: the policy is no list of statements in JSON"}}
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": {"Effect": "Allow"}}}}}}
	violations == expected
}

test_fail_list_for_a_text if {
	expected := {{"details": {"path": "/spec/additionalPolicies/node/0/Action", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may do everything in s3 on every resource"}}
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}}}}}
	violations == expected
}

test_fail_no_statement if {
	expected := {
		{"details": {"path": "/spec/additionalPolicies/node/0", "severity": "medium"}, "msg": "every pod on a node with the role \"node\" may do what is not known: this is no statement of IAM"},
		{"details": {"path": "/spec/additionalPolicies/node/1", "severity": "medium"}, "msg": "every pod on a node with the role \"node\" may do what is not known: this is no statement of IAM"},
		{"details": {"path": "/spec/additionalPolicies/node/2", "severity": "medium"}, "msg": "every pod on a node with the role \"node\" may do what is not known: this is no statement of IAM"},
		{"details": {"path": "/spec/additionalPolicies/node/3", "severity": "medium"}, "msg": "every pod on a node with the role \"node\" may do what is not known: this is no statement of IAM"},
	}
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": "[\"s3:*\", {\"Effect\": \"Allow\", \"Action\": {\"a\": 1}, \"Resource\": \"*\"}, {\"Effect\": \"Allow\", \"Action\": [\"s3:*\", 7], \"Resource\": \"*\"}, {\"Effect\": \"Allow\", \"Resource\": \"*\"}]"}}}}}
	violations == expected
}

test_fail_deny_and_allow if {
	expected := {{"details": {"path": "/spec/additionalPolicies/node/0/Action", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may do everything in s3 on every resource"}}
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": "[{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\", \"effect\": \"Deny\"}]"}}}}}
	violations == expected
}

test_fail_account_policy if {
	expected := {
		{"details": {"path": "/spec/iam/serviceAccountExternalPermissions/0/aws/inlinePolicy/0/Action", "severity": "high"}, "msg": "service account \"ci/build\" may do everything in s3 on every resource"},
		{"details": {"path": "/spec/iam/serviceAccountExternalPermissions/0/aws/policyARNs/0", "severity": "high"}, "msg": "service account \"ci/build\" has the managed policy PowerUserAccess"},
	}
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"iam": {"serviceAccountExternalPermissions": [{"name": "build", "namespace": "ci", "aws": {"inlinePolicy": "[{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\"}]", "policyARNs": ["arn:aws:iam::aws:policy/PowerUserAccess"]}}]}}}}}
	violations == expected
}

test_fail_account_policy_no_json if {
	expected := {{"details": {"path": "/spec/iam/serviceAccountExternalPermissions/0/aws/inlinePolicy/0", "severity": "medium"}, "msg": "what service account \"ci/build\" may do is not known: the policy is no list of statements in JSON"}}
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"iam": {"serviceAccountExternalPermissions": [{"name": "build", "namespace": "ci", "aws": {"inlinePolicy": "[{}"}}]}}}}}
	violations == expected
}

test_fail_managed if {
	expected := {
		{"details": {"path": "/spec/externalPolicies/node/0", "severity": "high"}, "msg": "every pod on a node with the role \"node\" has the managed policy AdministratorAccess"},
		{"details": {"path": "/spec/externalPolicies/node/1", "severity": "high"}, "msg": "every pod on a node with the role \"node\" has the managed policy AmazonS3FullAccess"},
		{"details": {"path": "/spec/externalPolicies/node/2", "severity": "low"}, "msg": "every pod on a node with the role \"node\" has the managed policy arn:aws-cn:iam::123456789012:policy/ci: what it gives is not known"},
		{"details": {"path": "/spec/externalPolicies/node/3", "severity": "low"}, "msg": "every pod on a node with the role \"node\" has the managed policy 7: what it gives is not known"},
	}
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"externalPolicies": {"node": ["arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws:iam::aws:policy/AmazonS3FullAccess", "arn:aws-cn:iam::123456789012:policy/ci", 7]}}}}}
	violations == expected
}

test_fail_profile if {
	expected := {{"details": {"path": "/spec/iam/profile", "severity": "low"}, "msg": "what every pod on these nodes may do is not known: they have the instance profile arn:aws:iam::123456789012:instance-profile/ci"}}
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "InstanceGroup", "metadata": {"name": "ci.example.com"}, "spec": {"iam": {"profile": "arn:aws:iam::123456789012:instance-profile/ci"}}}}}
	violations == expected
}

test_fail_legacy if {
	expected := {{"details": {"path": "/spec/iam/legacy", "severity": "high"}, "msg": "every pod on a node has the wide rights that kops once gave all nodes: legacy is true"}}
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"iam": {"legacy": true}}}}}
	violations == expected
}

test_fail_bare_object if {
	expected := {{"details": {"path": "/spec/additionalPolicies/node/0/Action", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may do everything in s3 on every resource"}}
	violations := node_iam_wildcard.violation with input as {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": "[{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\"}]"}}}
	violations == expected
}

test_fail_wildcard_anywhere_in_an_action if {
	every action in ["iam:*Role", "iam:Pass?ole", "iam:P*R*e", "IAM:Pass*"] {
		policy := sprintf(`[{"Effect": "Allow", "Action": "%v", "Resource": "*"}]`, [action])
		violations := node_iam_wildcard.violation with input as {"review": {"object": {
			"apiVersion": "kops.k8s.io/v1alpha2",
			"kind": "Cluster",
			"metadata": {"name": "ci.example.com"},
			"spec": {"additionalPolicies": {"node": policy}},
		}}}
		{violation.details | some violation in violations} == {{
			"path": "/spec/additionalPolicies/node/0/Action",
			"severity": "high",
		}}
	}
}

test_fail_short_arn_of_everything if {
	every resource in ["arn:*", "arn:aws:*", "arn:aws:s3:*"] {
		policy := sprintf(`[{"Effect": "Allow", "Action": "s3:*", "Resource": "%v"}]`, [resource])
		violations := node_iam_wildcard.violation with input as {"review": {"object": {
			"apiVersion": "kops.k8s.io/v1alpha2",
			"kind": "Cluster",
			"metadata": {"name": "ci.example.com"},
			"spec": {"additionalPolicies": {"node": policy}},
		}}}
		{violation.details | some violation in violations} == {{
			"path": "/spec/additionalPolicies/node/0/Action",
			"severity": "high",
		}}
	}
}

test_success_narrow if {
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": "[{\"Effect\": \"Allow\", \"Action\": [\"s3:GetObject\", \"s3:Put*\"], \"Resource\": \"arn:aws:s3:::cache/*\"}, {\"Effect\": \"Allow\", \"Action\": [\"ecr:GetAuthorizationToken\", \"ec2:Describe*\"], \"Resource\": \"*\"}, {\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"arn:aws:s3:::cache/*\"}, {\"Effect\": \"Allow\", \"Action\": \"sts:AssumeRole\", \"Resource\": \"arn:aws:iam::123456789012:role/ci-cache\"}, {\"Effect\": \"Deny\", \"Action\": \"iam:PassRole\", \"Resource\": \"*\"}, {\"Effect\": \"Allow\", \"Action\": \"\", \"Resource\": \"*\"}]"}}}}}
	violations == set()
}

test_success_denied if {
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": "[{\"effect\": \"DENY\", \"Action\": \"*\", \"Resource\": \"*\"}]"}}}}}
	violations == set()
}

test_success_empty if {
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": "", "master": null}, "externalPolicies": {"node": null}}}}}
	violations == set()
}

test_success_managed_narrow if {
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"externalPolicies": {"node": ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]}}}}}
	violations == set()
}

test_success_garbage if {
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": 7, "externalPolicies": [], "iam": {"serviceAccountExternalPermissions": [null, {"aws": 7}], "profile": 7, "legacy": false}}}}}
	violations == set()
}

test_success_cluster_of_others if {
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "cluster.x-k8s.io/v1beta1", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": "[{\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}]"}}}}}
	violations == set()
}

test_success_nulls if {
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": null}}}
	violations == set()
}
