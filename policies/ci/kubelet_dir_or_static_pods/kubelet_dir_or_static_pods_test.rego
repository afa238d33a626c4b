package podgate.ci.kubelet_dir_or_static_pods_test

import rego.v1

import data.podgate.ci.kubelet_dir_or_static_pods

test_fail_pods_of_the_kubelet if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": concat(" ", [
				"volume \"node\" mounts /var/lib/kubelet/pods from the node: the kubelet's",
				"credentials and every pod's volumes",
			]),
		},
	}
	violations := kubelet_dir_or_static_pods.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]}],
		"volumes": [{"name": "node", "hostPath": {"path": "/var/lib/kubelet/pods"}}],
	})
	violations == expected
}

test_fail_static_pods if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": concat(" ", [
				"volume \"node\" mounts /etc/kubernetes/manifests from the node: Kubernetes",
				"credentials and static pods",
			]),
		},
	}
	violations := kubelet_dir_or_static_pods.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"volumeMounts": [{"name": "node", "mountPath": "/host", "readOnly": true}],
			},
		],
		"volumes": [{"name": "node", "hostPath": {"path": "/etc/kubernetes/manifests"}}],
	})
	violations == expected
}

test_fail_keys_by_sub_path if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/volumeMounts/0/subPath",
				"severity": "critical",
			},
			"msg": concat(" ", [
				"container \"build\", through subPath \"../etc/kubernetes/pki\" of volume",
				"\"node\", mounts /etc/kubernetes/pki from the node: Kubernetes credentials",
				"and static pods",
			]),
		},
	}
	violations := kubelet_dir_or_static_pods.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"volumeMounts": [{"name": "node", "mountPath": "/host", "subPath": "../etc/kubernetes/pki"}],
			},
		],
		"volumes": [{"name": "node", "hostPath": {"path": "/data"}}],
	})
	violations == expected
}

test_fail_k3s if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": concat(" ", [
				"volume \"node\" mounts /var/lib/rancher/k3s/agent/pod-manifests from the",
				"node: static pods",
			]),
		},
	}
	violations := kubelet_dir_or_static_pods.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]}],
		"volumes": [{"name": "node", "hostPath": {"path": "/var/lib/rancher/k3s/agent/pod-manifests"}}],
	})
	violations == expected
}

test_fail_k0s if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": concat(" ", [
				"volume \"node\" mounts /var/lib/k0s/kubelet from the node: the kubelet's",
				"credentials and every pod's volumes",
			]),
		},
	}
	violations := kubelet_dir_or_static_pods.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]}],
		"volumes": [{"name": "node", "hostPath": {"path": "/var/lib/k0s/kubelet"}}],
	})
	violations == expected
}

test_fail_windows if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": concat(" ", [
				"volume \"node\" mounts C:\\ProgramData\\Kubelet\\pki",
				"(c:/programdata/kubelet/pki) from the node: the kubelet's files",
			]),
		},
	}
	violations := kubelet_dir_or_static_pods.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]}],
		"volumes": [{"name": "node", "hostPath": {"path": "C:\\ProgramData\\Kubelet\\pki"}}],
	})
	violations == expected
}

test_fail_b40_kata if {
	expected := {
		{
			"details": {"path": "/spec/volumes/0/hostPath/path", "severity": "critical"},
			"msg": concat(" ", [
				"volume \"node\" mounts /etc/kubernetes from the node: Kubernetes credentials",
				"and static pods",
			]),
		},
	}
	violations := kubelet_dir_or_static_pods.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]}],
		"volumes": [{"name": "node", "hostPath": {"path": "/etc/kubernetes"}}],
		"runtimeClassName": "kata",
	})
	violations == expected
}

test_success_longer_name if {
	violations := kubelet_dir_or_static_pods.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]}],
		"volumes": [{"name": "node", "hostPath": {"path": "/var/lib/kubelet-backup"}}],
	})
	violations == set()
}

test_success_cloud_credentials_are_another_finding if {
	violations := kubelet_dir_or_static_pods.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]}],
		"volumes": [{"name": "node", "hostPath": {"path": "/etc/kubernetes/azure.json"}}],
	})
	violations == set()
}

test_success_kubelet_socket_is_another_finding if {
	violations := kubelet_dir_or_static_pods.violation with input as _pod({
		"containers": [{"name": "build", "volumeMounts": [{"name": "node", "mountPath": "/host"}]}],
		"volumes": [
			{
				"name": "node",
				"hostPath": {"path": "/var/lib/kubelet/device-plugins/kubelet.sock"},
			},
		],
	})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
