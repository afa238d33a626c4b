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

test_fail_wildcards_anywhere if {
	expected := {
		{"details": {"path": "/spec/additionalPolicies/node/0/Action", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may call iam:*Role* on every resource, and so take over other identities"},
		{"details": {"path": "/spec/additionalPolicies/node/1/Action", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may call iam:Attach*Policy on every resource, and so take over other identities"},
		{"details": {"path": "/spec/additionalPolicies/node/2/Action", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may call iam:Pass?ole on every resource, and so take over other identities"},
		{"details": {"path": "/spec/additionalPolicies/node/3/Action", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may call sts:AssumeRol? on every resource, and so take over other identities"},
		{"details": {"path": "/spec/additionalPolicies/node/4/Action", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may call STS:*role on every resource, and so take over other identities"},
		{"details": {"path": "/spec/additionalPolicies/node/5/Action", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may call s*:assumerole on every resource, and so take over other identities"},
		{"details": {"path": "/spec/additionalPolicies/node/6/Action", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may call iam:Create**Key on every resource, and so take over other identities"},
		{"details": {"path": "/spec/additionalPolicies/node/7/Action", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may call ?am:Pass* on every resource, and so take over other identities"},
		{"details": {"path": "/spec/additionalPolicies/node/8/Action", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may call iam:p******************************************************************************************************************************************************************************************************** on every resource, and so take over other identities"},
	}
	statements := [
		"{\"Effect\": \"Allow\", \"Action\": \"iam:*Role*\", \"Resource\": \"*\"}",
		"{\"Effect\": \"Allow\", \"Action\": \"iam:Attach*Policy\", \"Resource\": \"*\"}",
		"{\"Effect\": \"Allow\", \"Action\": \"iam:Pass?ole\", \"Resource\": \"*\"}",
		"{\"Effect\": \"Allow\", \"Action\": \"sts:AssumeRol?\", \"Resource\": \"*\"}",
		"{\"Effect\": \"Allow\", \"Action\": \"STS:*role\", \"Resource\": \"*\"}",
		"{\"Effect\": \"Allow\", \"Action\": \"s*:assumerole\", \"Resource\": \"*\"}",
		"{\"Effect\": \"Allow\", \"Action\": \"iam:Create**Key\", \"Resource\": \"*\"}",
		"{\"Effect\": \"Allow\", \"Action\": \"?am:Pass*\", \"Resource\": \"*\"}",
		"{\"Effect\": \"Allow\", \"Action\": \"iam:p********************************************************************************************************************************************************************************************************\", \"Resource\": \"*\"}",
	]
	policy := sprintf("[%v]", [concat(", ", statements)])
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": policy}}}}}
	violations == expected
}

test_fail_take_over_of_a_type if {
	expected := {
		{"details": {"path": "/spec/additionalPolicies/node/0/Action", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may call iam:* on every resource, and so take over other identities"},
		{"details": {"path": "/spec/additionalPolicies/node/1/Action", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may call * on every resource, and so take over other identities"},
		{"details": {"path": "/spec/additionalPolicies/node/2/Action", "severity": "medium"}, "msg": "every pod on a node with the role \"node\" may call iam:Pass* on every resource, and so take over other identities, under a condition"},
	}
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": "[{\"Effect\": \"Allow\", \"Action\": \"iam:*\", \"Resource\": \"arn:aws:iam::123456789012:role/*\"}, {\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"arn:aws:iam::123456789012:role/**\"}, {\"Effect\": \"Allow\", \"Action\": \"iam:Pass*\", \"Resource\": \"arn:aws:iam::123456789012:role/*\", \"Condition\": {\"StringEquals\": {\"iam:PassedToService\": \"ec2.amazonaws.com\"}}}]"}}}}}
	violations == expected
}

test_fail_not_action_on_a_type if {
	expected := {
		{"details": {"path": "/spec/additionalPolicies/node/0/NotAction", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may do everything but what NotAction names on every resource of a type, and so take over other identities"},
		{"details": {"path": "/spec/additionalPolicies/node/1/NotAction", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may do everything but what NotAction names on every resource of a type, and so take over other identities"},
		{"details": {"path": "/spec/additionalPolicies/node/2/NotAction", "severity": "medium"}, "msg": "every pod on a node with the role \"node\" may do everything but what NotAction names on every resource of a type, and so take over other identities, under a condition"},
		{"details": {"path": "/spec/additionalPolicies/node/3/NotAction", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may do everything but what NotAction names on every resource of a type, and so take over other identities"},
		{"details": {"path": "/spec/additionalPolicies/node/4/NotAction", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may do everything but what NotAction names on every resource of a type, and so take over other identities"},
		{"details": {"path": "/spec/additionalPolicies/node/5/NotAction", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may do everything but what NotAction names on every resource of a type, and so take over other identities"},
		{"details": {"path": "/spec/additionalPolicies/node/6/NotAction", "severity": "high"}, "msg": "every pod on a node with the role \"node\" may do everything but what NotAction names on every resource of a type, and so take over other identities"},
	}
	statements := [
		"{\"Effect\": \"Allow\", \"NotAction\": \"s3:*\", \"Resource\": \"arn:aws:iam::123456789012:role/*\"}",
		"{\"Effect\": \"Allow\", \"NotAction\": [\"iam:*\"], \"Resource\": \"arn:aws:iam::123456789012:role/*\"}",
		"{\"Effect\": \"Allow\", \"NotAction\": \"iam:Pass?ole\", \"Resource\": [\"arn:aws:s3:::cache/*\", \"arn:aws:iam::123456789012:role/*\"], \"Condition\": {\"StringEquals\": {\"aws:RequestedRegion\": \"eu-central-1\"}}}",
		"{\"Effect\": \"Allow\", \"NotAction\": \"iam:*\", \"Resource\": \"arn:aws:ec2:*:123456789012:instance/*\"}",
		"{\"Effect\": \"Allow\", \"NotAction\": \"iam:*\", \"Resource\": \"arn:aws:*:*:123456789012:role/*\"}",
		"{\"Effect\": \"Allow\", \"NotAction\": \"iam:*\", \"Resource\": \"arn:aws:i?m::123456789012:role/*\"}",
		"{\"Effect\": \"Allow\", \"NotAction\": \"s3:*\", \"Resource\": \"role/*\"}",
	]
	policy := sprintf("[%v]", [concat(", ", statements)])
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": policy}}}}}
	violations == expected
}

test_fail_managed_secrets if {
	expected := {
		{"details": {"path": "/spec/externalPolicies/node/0", "severity": "high"}, "msg": "every pod on a node with the role \"node\" has the managed policy SecretsManagerReadWrite"},
	}
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"externalPolicies": {"node": ["arn:aws:iam::aws:policy/SecretsManagerReadWrite"]}}}}}
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

test_success_wildcards_of_others if {
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": "[{\"Effect\": \"Allow\", \"Action\": [\"iam:Get*Role*\", \"iam:Pass?\", \"iam:?PassRole\", \"sts:Assume?Role\", \"iam:*Policies\", \"ec2:*Role*\", \"iam.Pass*\", \"iam:Pass[a-z]ole\", \"iam:.*\", \"s3:?*Object\", \"iam:(*\", \"iam:p????????????????????????????????????????????????????????????\", \"iam:*2*\"], \"Resource\": \"*\"}]"}}}}}
	violations == set()
}

test_success_wildcards_on_one_role if {
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": "[{\"Effect\": \"Allow\", \"Action\": [\"iam:*Role*\", \"sts:AssumeRol?\"], \"Resource\": \"arn:aws:iam::123456789012:role/ci-cache\"}, {\"Effect\": \"Allow\", \"Action\": \"iam:Pass*\", \"Resource\": \"arn:aws:iam::123456789012:role/ci/*\"}, {\"Effect\": \"Allow\", \"Action\": \"iam:Pass*\", \"Resource\": \"arn:aws:iam::123456789012:role/\"}]"}}}}}
	violations == set()
}

test_success_not_action_elsewhere if {
	statements := [
		"{\"Effect\": \"Allow\", \"NotAction\": \"s3:Delete*\", \"Resource\": \"arn:aws:s3:::cache/*\"}",
		"{\"Effect\": \"Allow\", \"NotAction\": [\"iam:*\", \"STS:*\"], \"Resource\": \"arn:aws:iam::123456789012:role/*\"}",
		"{\"Effect\": \"Allow\", \"NotAction\": [\"iam:*\", \"sts:Assume?ole\"], \"Resource\": \"arn:aws:iam::123456789012:role/*\"}",
		"{\"Effect\": \"Allow\", \"NotAction\": \"s3:*\", \"Resource\": \"arn:aws:iam::123456789012:role/ci-cache\"}",
		"{\"Effect\": \"Allow\", \"NotAction\": \"ec2:*\", \"Resource\": \"arn:aws:dynamodb:eu-central-1:123456789012:table/*\"}",
		"{\"Effect\": \"Allow\", \"NotAction\": \"s?m:*\", \"Resource\": \"arn:aws:ec2:*:123456789012:instance/*\"}",
		"{\"Effect\": \"Deny\", \"NotAction\": \"s3:*\", \"Resource\": \"arn:aws:iam::123456789012:role/*\"}",
	]
	policy := sprintf("[%v]", [concat(", ", statements)])
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"additionalPolicies": {"node": policy}}}}}
	violations == set()
}

test_success_managed_read_only if {
	violations := node_iam_wildcard.violation with input as {"review": {"object": {"apiVersion": "kops.k8s.io/v1alpha2", "kind": "Cluster", "metadata": {"name": "ci.example.com"}, "spec": {"externalPolicies": {"node": ["arn:aws:iam::aws:policy/SecurityAudit", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]}}}}}
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
