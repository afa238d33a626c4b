package podgate.ci.metadata_endpoint_test

import rego.v1

import data.podgate.ci.metadata_endpoint

test_fail_aws if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/args/0",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" names the metadata service of the cloud, which answers",
				"with the node's identity where nothing keeps the pod from it",
			]),
		},
	}
	violations := metadata_endpoint.violation with input as _pod({
		"containers": [
			{"name": "build", "args": ["curl -s http://169.254.169.254/latest/meta-data/iam/"]},
		],
	})
	violations == expected
}

test_fail_command if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/command/2",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" names the metadata service of Google Cloud, which",
				"answers with the node's identity where nothing keeps the pod from it",
			]),
		},
	}
	violations := metadata_endpoint.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"command": ["wget", "-q", "http://metadata.google.internal./computeMetadata/v1/"],
			},
		],
	})
	violations == expected
}

test_fail_short_name if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/args/0",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" names the metadata service of Google Cloud, which",
				"answers with the node's identity where nothing keeps the pod from it",
			]),
		},
	}
	violations := metadata_endpoint.violation with input as _pod({
		"containers": [{"name": "build", "args": ["curl http://metadata/computeMetadata/v1/"]}],
	})
	violations == expected
}

test_fail_variable if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/env/0/value",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\", in the variable AWS_EC2_METADATA_SERVICE_ENDPOINT,",
				"names the metadata service of the cloud, which answers with the node's",
				"identity where nothing keeps the pod from it",
			]),
		},
	}
	violations := metadata_endpoint.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [
					{
						"name": "AWS_EC2_METADATA_SERVICE_ENDPOINT",
						"value": "http://[fd00:ec2::254]",
					},
				],
			},
		],
	})
	violations == expected
}

test_fail_every_spelling if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/args/0",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" names the metadata service of the cloud, which answers",
				"with the node's identity where nothing keeps the pod from it",
			]),
		},
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/args/1",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" names the metadata service of the cloud, which answers",
				"with the node's identity where nothing keeps the pod from it",
			]),
		},
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/args/10",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" names the service that ECS keeps for tasks, which hands",
				"out the credentials of the task or pod",
			]),
		},
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/args/11",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" names the service through which Azure speaks to the",
				"node, which answers with the node's identity where nothing keeps the pod",
				"from it",
			]),
		},
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/args/12",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" names the metadata service of Alibaba Cloud, which",
				"answers with the node's identity where nothing keeps the pod from it",
			]),
		},
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/args/13",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" names the metadata service of the cloud, which answers",
				"with the node's identity where nothing keeps the pod from it",
			]),
		},
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/args/2",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" names the metadata service of the cloud, which answers",
				"with the node's identity where nothing keeps the pod from it",
			]),
		},
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/args/3",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" names the metadata service of the cloud, which answers",
				"with the node's identity where nothing keeps the pod from it",
			]),
		},
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/args/4",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" names the metadata service of the cloud, which answers",
				"with the node's identity where nothing keeps the pod from it",
			]),
		},
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/args/5",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" names the metadata service of the cloud, which answers",
				"with the node's identity where nothing keeps the pod from it",
			]),
		},
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/args/6",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" names the metadata service of the cloud, which answers",
				"with the node's identity where nothing keeps the pod from it",
			]),
		},
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/args/7",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" names the metadata service of the cloud, which answers",
				"with the node's identity where nothing keeps the pod from it",
			]),
		},
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/args/8",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" names the metadata service of the cloud, which answers",
				"with the node's identity where nothing keeps the pod from it",
			]),
		},
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/args/9",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" names the metadata service of the cloud, which answers",
				"with the node's identity where nothing keeps the pod from it",
			]),
		},
	}
	violations := metadata_endpoint.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"args": [
					"http://2852039166/",
					"http://0xA9FEA9FE/",
					"http://0xa9.0x00fe.0xa9.0xfe/",
					"http://025177524776/",
					"http://0251.0376.0251.0376/",
					"http://169.0376.43518/",
					"http://169.16689662:80/",
					"http://[::ffff:a9fe:a9fe]/",
					"http://[::ffff:169.254.169.254]:80/",
					"http://169.254.169.254.nip.io/",
					"http://169.254.170.2/v2/credentials",
					"http://168.63.129.16/machine",
					"http://100.100.100.200/latest",
					"http://instance-data.ec2.internal/latest/",
				],
			},
		],
	})
	violations == expected
}

test_fail_octal_alone if {
	expected := {{
		"details": {"container": "build", "path": "/spec/containers/0/args/1", "severity": "medium"},
		"msg": concat(" ", [
			"container \"build\" names the metadata service of the cloud, which answers",
			"with the node's identity where nothing keeps the pod from it",
		]),
	}}
	violations := metadata_endpoint.violation with input as _pod({
		"containers": [{"name": "build", "args": ["-s", "curl x\ncurl http://169.077524776/latest"]}],
	})
	violations == expected
}

test_fail_host_alias if {
	expected := {
		{
			"details": {"path": "/spec/hostAliases/0", "severity": "medium"},
			"msg": concat(" ", [
				"a host alias names the metadata service of the cloud, which answers with",
				"the node's identity where nothing keeps the pod from it",
			]),
		},
		{
			"details": {"path": "/spec/hostAliases/1", "severity": "medium"},
			"msg": concat(" ", [
				"a host alias names the metadata service of Google Cloud, which answers",
				"with the node's identity where nothing keeps the pod from it",
			]),
		},
		{
			"details": {"path": "/spec/hostAliases/2", "severity": "medium"},
			"msg": concat(" ", [
				"a host alias names the service through which Azure speaks to the node,",
				"which answers with the node's identity where nothing keeps the pod from it",
			]),
		},
	}
	violations := metadata_endpoint.violation with input as _pod({
		"containers": [{"name": "build"}],
		"hostAliases": [
			{"ip": "169.254.169.254", "hostnames": ["files"]},
			{"ip": "10.0.0.1", "hostnames": ["metadata.google.internal", null]},
			{"ip": "168.63.129.16"},
			{"hostnames": ["x"]},
		],
	})
	violations == expected
}

test_fail_host_network if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/args/0",
				"severity": "high",
			},
			"msg": concat(" ", [
				"container \"build\" names the metadata service of the cloud, and on the",
				"node's network nothing keeps it from answering with the node's identity",
			]),
		},
	}
	violations := metadata_endpoint.violation with input as _pod({
		"containers": [{"name": "build", "args": ["curl http://169.254.169.254/"]}],
		"hostNetwork": true,
	})
	violations == expected
}

test_fail_eks_agent_is_information if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/env/0/value",
				"severity": "info",
			},
			"msg": concat(" ", [
				"container \"build\", in the variable AWS_CONTAINER_CREDENTIALS_FULL_URI,",
				"names the agent of EKS Pod Identity, which hands out the credentials of",
				"the task or pod",
			]),
		},
	}
	violations := metadata_endpoint.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [
					{
						"name": "AWS_CONTAINER_CREDENTIALS_FULL_URI",
						"value": "http://169.254.170.23/v1/credentials",
					},
				],
			},
		],
	})
	violations == expected
}

test_fail_eks_agent_elsewhere if {
	expected := {
		{
			"details": {
				"container": "build",
				"path": "/spec/containers/0/args/0",
				"severity": "medium",
			},
			"msg": concat(" ", [
				"container \"build\" names the agent of EKS Pod Identity, which hands out the",
				"credentials of the task or pod",
			]),
		},
	}
	violations := metadata_endpoint.violation with input as _pod({
		"containers": [{"name": "build", "args": ["curl http://169.254.170.23/v1/credentials"]}],
	})
	violations == expected
}

test_success_other_addresses if {
	violations := metadata_endpoint.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"args": [
					concat(" ", [
						"http://169.254.20.10/ 1169.254.169.2540 10.254.0.1",
						"http://10.0.0.1:254/ 0x10 fe80::a9fe:a9fe00 02.5",
					]),
				],
			},
		],
	})
	violations == set()
}

test_success_no_proxy if {
	violations := metadata_endpoint.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [
					{"name": "NO_PROXY", "value": "169.254.169.254,localhost"},
					{"name": "no_proxy", "value": "169.254.169.254"},
				],
			},
		],
	})
	violations == set()
}

test_success_downward_api if {
	violations := metadata_endpoint.violation with input as _pod({
		"containers": [
			{
				"name": "build",
				"env": [
					{"name": "NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
				],
			},
		],
	})
	violations == set()
}

test_success_nulls if {
	violations := metadata_endpoint.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": null,
				"spec": {
					"containers": [
						{
							"name": "build",
							"env": null,
							"envFrom": null,
							"args": null,
							"volumeMounts": null,
							"securityContext": null,
							"image": null,
						},
						null,
					],
					"volumes": [
						null,
						{"name": "x", "projected": null, "secret": null, "hostPath": null},
					],
					"automountServiceAccountToken": false,
				},
			},
		},
	}
	violations == set()
}

test_success_nothing_said if {
	violations := metadata_endpoint.violation with input as _pod({"containers": [{"name": "build"}]})
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}
