package podgate.ci.ci_rbac_test

import rego.v1

import data.podgate.ci.ci_rbac

test_fail_pods_and_exec if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "medium"}, "msg": "service account \"ci/build\" may create pods, run commands in other pods in namespace \"ci\", by Role \"builder\""}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b", "namespace": "ci"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "builder"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
		with data.inventory as {"namespace": {"ci": {"v1": {"ServiceAccount": {}}, "rbac.authorization.k8s.io/v1": {"Role": {"builder": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "builder"}, "rules": [{"apiGroups": [""], "resources": ["pods", "pods/exec"], "verbs": ["create", "get"]}]}}}}}}
	violations == expected
}

test_fail_secrets_in_the_cluster if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "medium"}, "msg": "service account \"ci/build\" may read secrets in the whole cluster, by ClusterRole \"builder\""}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "builder"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
		with data.inventory as {"cluster": {"v1": {"Namespace": {}}, "rbac.authorization.k8s.io/v1": {"ClusterRole": {"builder": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "builder"}, "rules": [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["list"]}]}}}}}
	violations == expected
}

test_fail_cluster_role_in_a_namespace if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "medium"}, "msg": "service account \"ci/build\" may read secrets in namespace \"ci\", by ClusterRole \"builder\""}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b", "namespace": "ci"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "builder"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
		with data.inventory as {"cluster": {"v1": {"Namespace": {}}, "rbac.authorization.k8s.io/v1beta1": {"ClusterRole": {"builder": {"apiVersion": "rbac.authorization.k8s.io/v1beta1", "kind": "ClusterRole", "metadata": {"name": "builder"}, "rules": [{"apiGroups": [""], "resources": ["secrets", "nodes/proxy"], "verbs": ["get"]}]}}}}}
	violations == expected
}

test_fail_everything if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "high"}, "msg": "service account \"ci/build\" may do everything in the whole cluster, by ClusterRole \"builder\""}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "builder"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
		with data.inventory as {"cluster": {"v1": {"Namespace": {}}, "rbac.authorization.k8s.io/v1": {"ClusterRole": {"builder": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "builder"}, "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]}}}}}
	violations == expected
}

test_fail_becoming_others if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "medium"}, "msg": "service account \"ci/build\" may act as others (impersonate), give itself rights (escalate, bind), reach the kubelet of every node (nodes/proxy) in the whole cluster, by ClusterRole \"builder\""}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "builder"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
		with data.inventory as {"cluster": {"v1": {"Namespace": {}}, "rbac.authorization.k8s.io/v1": {"ClusterRole": {"builder": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "builder"}, "rules": [{"apiGroups": ["rbac.authorization.k8s.io"], "resources": ["clusterroles"], "verbs": ["escalate"]}, {"apiGroups": [""], "resources": ["users"], "verbs": ["impersonate"]}, {"apiGroups": [""], "resources": ["nodes/proxy"], "verbs": ["get"]}]}}}}}
	violations == expected
}

test_fail_workloads if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "medium"}, "msg": "service account \"ci/build\" may create workloads, and so pods in namespace \"ci\", by Role \"builder\""}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b", "namespace": "ci"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "builder"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
		with data.inventory as {"namespace": {"ci": {"v1": {"ServiceAccount": {}}, "rbac.authorization.k8s.io/v1": {"Role": {"builder": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "builder"}, "rules": [{"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["patch"]}]}}}}}}
	violations == expected
}

test_fail_limited_by_name if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "low"}, "msg": "service account \"ci/build\" may read secrets, limited to some by name, in namespace \"ci\", by Role \"builder\""}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b", "namespace": "ci"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "builder"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
		with data.inventory as {"namespace": {"ci": {"v1": {"ServiceAccount": {}}, "rbac.authorization.k8s.io/v1": {"Role": {"builder": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "builder"}, "rules": [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"], "resourceNames": ["push"]}]}}}}}}
	violations == expected
}

test_fail_cluster_admin if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "high"}, "msg": "service account \"ci/build\" may do everything in the whole cluster, by ClusterRole cluster-admin"}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
	violations == expected
}

test_fail_edit_in_a_namespace if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "medium"}, "msg": "service account \"ci/build\" may create pods, run commands in them, read secrets and act as other service accounts in namespace \"ci\", by ClusterRole edit"}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b", "namespace": "ci"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "edit"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
	violations == expected
}

test_fail_in_kube_system if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "medium"}, "msg": "service account \"ci/build\" may create pods, run commands in them, read secrets and act as other service accounts in kube-system, and so in the whole cluster, by ClusterRole edit"}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b", "namespace": "kube-system"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "edit"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
	violations == expected
}

test_fail_namespace_of_the_review if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "medium"}, "msg": "service account \"ci/build\" may read secrets in namespace \"ci\", by Role \"builder\""}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "builder"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}, "namespace": "ci"}}
		with data.inventory as {"namespace": {"ci": {"v1": {"ServiceAccount": {}}, "rbac.authorization.k8s.io/v1": {"Role": {"builder": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "builder"}, "rules": [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]}]}}}}}}
	violations == expected
}

test_fail_default_namespace if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "medium"}, "msg": "service account \"default/build\" may read secrets in namespace \"default\", by Role \"builder\""}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "builder"}, "subjects": [{"kind": "ServiceAccount", "name": "build"}]}}}
		with data.inventory as {"namespace": {"default": {"v1": {"ServiceAccount": {}}, "rbac.authorization.k8s.io/v1": {"Role": {"builder": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "builder"}, "rules": [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]}]}}}}}}
	violations == expected
}

test_fail_groups if {
	expected := {
		{"details": {"path": "/subjects/0/name", "severity": "high"}, "msg": "every service account may do everything in the whole cluster, by ClusterRole cluster-admin"},
		{"details": {"path": "/subjects/1/name", "severity": "high"}, "msg": "every service account of namespace \"ci\" may do everything in the whole cluster, by ClusterRole cluster-admin"},
		{"details": {"path": "/subjects/2/name", "severity": "high"}, "msg": "everybody with a token, every service account too, may do everything in the whole cluster, by ClusterRole cluster-admin"},
		{"details": {"path": "/subjects/3/name", "severity": "high"}, "msg": "anybody, without a token, may do everything in the whole cluster, by ClusterRole cluster-admin"},
	}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"}, "subjects": [{"kind": "Group", "name": "system:serviceaccounts"}, {"kind": "Group", "name": "system:serviceaccounts:ci"}, {"kind": "Group", "name": "system:authenticated"}, {"kind": "User", "name": "system:anonymous"}]}}}
	violations == expected
}

test_fail_account_as_user if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "high"}, "msg": "service account \"ci/build\" may do everything in the whole cluster, by ClusterRole cluster-admin"}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"}, "subjects": [{"kind": "User", "name": "system:serviceaccount:ci:build"}]}}}
	violations == expected
}

test_fail_namespace_of_builds if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "high"}, "msg": "service account \"ci/a\" may do everything in the whole cluster, by ClusterRole cluster-admin"}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"}, "subjects": [{"kind": "ServiceAccount", "name": "a", "namespace": "ci"}, {"kind": "ServiceAccount", "name": "b", "namespace": "shop"}]}}, "parameters": {"ciNamespaces": ["ci"]}}
	violations == expected
}

test_fail_known_builds if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "high"}, "msg": "service account \"ci/build\" may read secrets in the whole cluster, by ClusterRole \"builder\""}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "builder"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}, "parameters": {"ciNamespaces": ["ci"]}}
		with data.inventory as {"cluster": {"v1": {"Namespace": {}}, "rbac.authorization.k8s.io/v1": {"ClusterRole": {"builder": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "builder"}, "rules": [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["list"]}]}}}}}
	violations == expected
}

test_fail_accounts_unasked if {
	expected := {
		{"details": {"path": "/subjects/0/name", "severity": "high"}, "msg": "service account \"ci/default\" may create pods, run commands in them, read secrets and act as other service accounts in the whole cluster, by ClusterRole edit"},
		{"details": {"path": "/subjects/1/name", "severity": "high"}, "msg": "service account \"ci/default\" may create pods, run commands in them, read secrets and act as other service accounts in the whole cluster, by ClusterRole edit"},
		{"details": {"path": "/subjects/2/name", "severity": "high"}, "msg": "every service account of namespace \"ci\" may create pods, run commands in them, read secrets and act as other service accounts in the whole cluster, by ClusterRole edit"},
		{"details": {"path": "/subjects/3/name", "severity": "medium"}, "msg": "service account \"ci/operator\" may create pods, run commands in them, read secrets and act as other service accounts in the whole cluster, by ClusterRole edit"},
	}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "edit"}, "subjects": [{"kind": "ServiceAccount", "name": "default", "namespace": "ci"}, {"kind": "User", "name": "system:serviceaccount:ci:default"}, {"kind": "Group", "name": "system:serviceaccounts:ci"}, {"kind": "User", "name": "system:serviceaccount:ci:operator"}]}}}
	violations == expected
}

test_fail_role_not_given if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "low"}, "msg": "service account \"ci/build\" is bound in namespace \"ci\" to Role \"builder\", of which the rules are not given: what it may do is not known"}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b", "namespace": "ci"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "builder"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
	violations == expected
}

test_fail_role_of_another_namespace if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "low"}, "msg": "service account \"ci/build\" is bound in namespace \"ci\" to Role \"builder\", of which the rules are not given: what it may do is not known"}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b", "namespace": "ci"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "builder"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
		with data.inventory as {"namespace": {"other": {"v1": {"ServiceAccount": {}}, "rbac.authorization.k8s.io/v1": {"Role": {"builder": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "builder"}, "rules": []}}}}}}
	violations == expected
}

test_fail_cluster_role_not_given if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "low"}, "msg": "service account \"ci/build\" is bound in the whole cluster to ClusterRole \"builder\", of which the rules are not given: what it may do is not known"}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "builder"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
		with data.inventory as {"cluster": {"v1": {"Namespace": {}}, "rbac.authorization.k8s.io/v1": {"ClusterRole": {"other": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "other"}, "rules": []}}}}}
	violations == expected
}

test_fail_aggregated if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "low"}, "msg": "service account \"ci/build\" is bound in the whole cluster to ClusterRole \"builder\", of which the rules are not given: what it may do is not known"}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "builder"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
		with data.inventory as {"cluster": {"v1": {"Namespace": {}}, "rbac.authorization.k8s.io/v1": {"ClusterRole": {"builder": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "builder"}, "rules": null}}}}}
	violations == expected
}

test_fail_aggregated_without_rules if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "low"}, "msg": "service account \"ci/build\" is bound in the whole cluster to ClusterRole \"builder\", which takes its rules from other roles: what it may do is not known"}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "builder"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
		with data.inventory as {"cluster": {"rbac.authorization.k8s.io/v1": {"ClusterRole": {"builder": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "builder"}, "aggregationRule": {"clusterRoleSelectors": [{"matchLabels": {"ci": "yes"}}]}, "rules": []}}}}}
	violations == expected
}

test_fail_aggregated_with_harmless_rules if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "low"}, "msg": "service account \"ci/build\" is bound in the whole cluster to ClusterRole \"builder\", which takes its rules from other roles: what it may do is not known"}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "builder"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
		with data.inventory as {"cluster": {"rbac.authorization.k8s.io/v1": {"ClusterRole": {"builder": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "builder"}, "aggregationRule": {"clusterRoleSelectors": [{"matchLabels": {"ci": "yes"}}]}, "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]}}}}}
	violations == expected
}

test_fail_aggregated_with_rules if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "medium"}, "msg": "service account \"ci/build\" may read secrets in the whole cluster, by ClusterRole \"builder\""}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "builder"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
		with data.inventory as {"cluster": {"rbac.authorization.k8s.io/v1": {"ClusterRole": {"builder": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "builder"}, "aggregationRule": {"clusterRoleSelectors": [{"matchLabels": {"ci": "yes"}}]}, "rules": [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]}]}}}}}
	violations == expected
}

test_fail_role_with_a_known_name if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "low"}, "msg": "service account \"ci/build\" is bound in namespace \"ci\" to Role \"view\", of which the rules are not given: what it may do is not known"}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b", "namespace": "ci"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "view"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
	violations == expected
}

test_fail_role_of_kube_system_elsewhere if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "low"}, "msg": "service account \"ci/build\" is bound in namespace \"ci\" to Role \"extension-apiserver-authentication-reader\", of which the rules are not given: what it may do is not known"}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b", "namespace": "ci"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "extension-apiserver-authentication-reader"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
	violations == expected
}

test_fail_cluster_role_with_the_name_of_a_role if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "low"}, "msg": "service account \"ci/build\" is bound in namespace \"ci\" to ClusterRole \"extension-apiserver-authentication-reader\", of which the rules are not given: what it may do is not known"}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b", "namespace": "ci"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "extension-apiserver-authentication-reader"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
	violations == expected
}

test_fail_role_in_the_whole_cluster if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "low"}, "msg": "service account \"ci/build\" is bound in the whole cluster to Role \"extension-apiserver-authentication-reader\", of which the rules are not given: what it may do is not known"}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "extension-apiserver-authentication-reader"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
	violations == expected
}

test_fail_images_of_pods if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "medium"}, "msg": "service account \"ci/build\" may change the images of other pods in namespace \"ci\", by Role \"builder\""}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b", "namespace": "ci"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "builder"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
		with data.inventory as {"namespace": {"ci": {"rbac.authorization.k8s.io/v1": {"Role": {"builder": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "builder"}, "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "patch"]}]}}}}}}
	violations == expected
}

test_fail_images_of_pods_in_the_cluster if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "medium"}, "msg": "service account \"ci/build\" may change the images of other pods in the whole cluster, by ClusterRole \"builder\""}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "builder"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
		with data.inventory as {"cluster": {"rbac.authorization.k8s.io/v1": {"ClusterRole": {"builder": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "builder"}, "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["update"]}]}}}}}
	violations == expected
}

test_fail_images_of_one_pod if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "low"}, "msg": "service account \"ci/build\" may change the images of other pods, limited to some by name, in namespace \"ci\", by Role \"builder\""}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b", "namespace": "ci"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "builder"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
		with data.inventory as {"namespace": {"ci": {"rbac.authorization.k8s.io/v1": {"Role": {"builder": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "builder"}, "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["update"], "resourceNames": ["a"]}]}}}}}}
	violations == expected
}

test_fail_all_verbs_on_pods if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "medium"}, "msg": "service account \"ci/build\" may create pods, change the images of other pods in namespace \"ci\", by Role \"builder\""}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b", "namespace": "ci"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "builder"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
		with data.inventory as {"namespace": {"ci": {"rbac.authorization.k8s.io/v1": {"Role": {"builder": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "builder"}, "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["*"]}]}}}}}}
	violations == expected
}

test_fail_no_role if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "low"}, "msg": "service account \"ci/build\" is bound in namespace \"ci\" to a role that it does not name, of which the rules are not given: what it may do is not known"}}
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b", "namespace": "ci"}, "roleRef": null, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
	violations == expected
}

test_fail_bare_object if {
	expected := {{"details": {"path": "/subjects/0/name", "severity": "high"}, "msg": "service account \"ci/build\" may do everything in the whole cluster, by ClusterRole cluster-admin"}}
	violations := ci_rbac.violation with input as {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}
	violations == expected
}

test_success_reading if {
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b", "namespace": "ci"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "builder"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
		with data.inventory as {"namespace": {"ci": {"v1": {"ServiceAccount": {}}, "rbac.authorization.k8s.io/v1": {"Role": {"builder": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "builder"}, "rules": [{"apiGroups": [""], "resources": ["pods", "configmaps"], "verbs": ["get", "list"]}, {"apiGroups": [""], "resources": ["secrets"], "verbs": ["create"]}, {"apiGroups": ["example.com"], "resources": ["*"], "verbs": ["*"]}, null, {"verbs": ["*"], "resources": "*", "apiGroups": ["*"]}, {"nonResourceURLs": ["/metrics"], "verbs": ["get"]}]}}}}}}
	violations == set()
}

test_success_view if {
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b", "namespace": "ci"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
	violations == set()
}

test_success_aggregation_of_nothing if {
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "builder"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
		with data.inventory as {"cluster": {"rbac.authorization.k8s.io/v1": {"ClusterRole": {"builder": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "builder"}, "aggregationRule": null, "rules": []}}}}}
	violations == set()
}

test_success_aggregated_and_known if {
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
		with data.inventory as {"cluster": {"rbac.authorization.k8s.io/v1": {"ClusterRole": {"view": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "view"}, "aggregationRule": {"clusterRoleSelectors": [{"matchLabels": {"ci": "yes"}}]}, "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]}}}}}
	violations == set()
}

test_success_aggregation_in_a_role if {
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b", "namespace": "ci"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "builder"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
		with data.inventory as {"namespace": {"ci": {"rbac.authorization.k8s.io/v1": {"Role": {"builder": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "builder"}, "aggregationRule": {"clusterRoleSelectors": [{"matchLabels": {"ci": "yes"}}]}, "rules": []}}}}}}
	violations == set()
}

test_success_role_with_a_known_name if {
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b", "namespace": "ci"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "view"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
		with data.inventory as {"namespace": {"ci": {"rbac.authorization.k8s.io/v1": {"Role": {"view": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "view"}, "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]}}}}}}
	violations == set()
}

test_success_role_of_kube_system if {
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b", "namespace": "kube-system"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "extension-apiserver-authentication-reader"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
	violations == set()
}

test_success_status_of_pods if {
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b", "namespace": "ci"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "builder"}, "subjects": [{"kind": "ServiceAccount", "name": "build", "namespace": "ci"}]}}}
		with data.inventory as {"namespace": {"ci": {"rbac.authorization.k8s.io/v1": {"Role": {"builder": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "builder"}, "rules": [{"apiGroups": [""], "resources": ["pods/status"], "verbs": ["patch", "update"]}, {"apiGroups": [""], "resources": ["pods"], "verbs": ["delete"]}]}}}}}}
	violations == set()
}

test_success_people if {
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"}, "subjects": [{"kind": "User", "name": "anna"}, {"kind": "Group", "name": "admins"}, null, {"kind": "User", "name": "system:serviceaccount:ci"}]}}}
	violations == set()
}

test_success_kube_system if {
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"}, "subjects": [{"kind": "ServiceAccount", "name": "a", "namespace": "kube-system"}, {"kind": "Group", "name": "system:serviceaccounts:kube-system"}]}}}
	violations == set()
}

test_success_no_subjects if {
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b", "namespace": "ci"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "builder"}, "subjects": []}}}
	violations == set()
}

test_success_other_kind if {
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "a"}, "rules": []}}}
	violations == set()
}

test_success_nulls if {
	violations := ci_rbac.violation with input as {"review": {"object": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": null, "roleRef": null, "subjects": null}}}
	violations == set()
}
