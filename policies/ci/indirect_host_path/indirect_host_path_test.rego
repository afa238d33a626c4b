package podgate.ci.indirect_host_path_test

import rego.v1

import data.podgate.ci.indirect_host_path

test_fail_b09_claim_by_volume_name if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"data\" claims \"cache\", a volume that is /var/run on the node, the directory of",
				"every socket",
			]),
			"details": {
				"path": "/spec/volumes/0/persistentVolumeClaim/claimName",
				"severity": "critical",
			},
		},
	}
	violations := indirect_host_path.violation with input as _pod({
		"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "cache"}}],
		"containers": [{"name": "build"}],
	})
		with data.inventory as {
			"cluster": {
				"v1": {
					"PersistentVolume": {
						"node": {
							"kind": "PersistentVolume",
							"spec": {"hostPath": {"path": "/var/run"}},
						},
					},
				},
			},
			"namespace": {
				"ci": {"v1": {"PersistentVolumeClaim": {"cache": {"spec": {"volumeName": "node"}}}}},
			},
		}
	violations == expected
}

test_fail_b09_claim_by_claim_ref if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"data\" claims \"cache\", a volume that is /srv/builds on the node, a directory",
			]),
			"details": {
				"path": "/spec/volumes/0/persistentVolumeClaim/claimName",
				"severity": "high",
			},
		},
	}
	violations := indirect_host_path.violation with input as _pod({
		"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "cache"}}],
		"containers": [{"name": "build"}],
	})
		with data.inventory as {
			"cluster": {
				"v1": {
					"PersistentVolume": {
						"node": {
							"kind": "PersistentVolume",
							"spec": {
								"local": {"path": "/srv/builds"},
								"claimRef": {"name": "cache", "namespace": "ci"},
							},
						},
					},
				},
			},
			"namespace": {"ci": {"v1": {"PersistentVolumeClaim": {"cache": {"spec": {}}}}}},
		}
	violations == expected
}

test_fail_claim_that_kubernetes_makes if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"data\" claims \"agent-data\", a volume that is /var/run on the node, the directory of",
				"every socket",
			]),
			"details": {
				"path": "/spec/volumes/0/ephemeral/volumeClaimTemplate",
				"severity": "critical",
			},
		},
	}
	volume := {
		"spec": {
			"hostPath": {"path": "/var/run"},
			"claimRef": {"name": "agent-data", "namespace": "ci"},
		},
	}
	inventory := {"cluster": {"v1": {"PersistentVolume": {"node": volume}}}}
	template := {"volumeClaimTemplate": {"spec": {"storageClassName": "static"}}}
	spec := {"volumes": [{"name": "data", "ephemeral": template}], "containers": [{"name": "build"}]}
	pod := _pod(spec)
	named := object.union(pod, {"review": {"object": {"metadata": {"name": "agent"}}}})
	violations := indirect_host_path.violation with input as named with data.inventory as inventory
	violations == expected
	other := object.union(pod, {"review": {"object": {"metadata": {"name": "other"}}}})
	clean := indirect_host_path.violation with input as other with data.inventory as inventory
	clean == set()
}

test_fail_claim_of_a_host_path_class if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"data\" claims \"cache\", a directory of the node, by the storage class",
				"local-path",
			]),
			"details": {
				"path": "/spec/volumes/0/persistentVolumeClaim/claimName",
				"severity": "low",
			},
		},
	}
	violations := indirect_host_path.violation with input as _pod({
		"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "cache"}}],
		"containers": [{"name": "build"}],
	})
		with data.inventory as {
			"cluster": {
				"v1": {
					"PersistentVolume": {
						"node": {
							"kind": "PersistentVolume",
							"spec": {"nfs": {"server": "files", "path": "/"}},
						},
					},
				},
			},
			"namespace": {
				"ci": {
					"v1": {
						"PersistentVolumeClaim": {
							"cache": {"spec": {"storageClassName": "local-path"}},
						},
					},
				},
			},
		}
	violations == expected
}

test_fail_b10_csi_hostpath if {
	expected := {
		{
			"msg": "volume \"data\" is a directory of the node, by the CSI driver hostpath.csi.k8s.io",
			"details": {"path": "/spec/volumes/0/csi/driver", "severity": "high"},
		},
	}
	violations := indirect_host_path.violation with input as _pod({
		"volumes": [{"name": "data", "csi": {"driver": "hostpath.csi.k8s.io"}}],
		"containers": [{"name": "build"}],
	})
	violations == expected
}

test_fail_b10_csi_unknown if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"data\" uses the CSI driver files.example.com, of which it is not known what of",
				"the node it gives",
			]),
			"details": {"path": "/spec/volumes/0/csi/driver", "severity": "low"},
		},
	}
	violations := indirect_host_path.violation with input as _pod({
		"volumes": [{"name": "data", "csi": {"driver": "files.example.com"}}],
		"containers": [{"name": "build"}],
	})
	violations == expected
}

test_fail_b10_flex_volume if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"data\" has the FlexVolume driver example.com/bind, which runs as root on the",
				"node, mount what it likes",
			]),
			"details": {"path": "/spec/volumes/0/flexVolume/driver", "severity": "high"},
		},
	}
	violations := indirect_host_path.violation with input as _pod({
		"volumes": [{"name": "data", "flexVolume": {"driver": "example.com/bind"}}],
		"containers": [{"name": "build"}],
	})
	violations == expected
}

test_fail_b10_ephemeral if {
	expected := {
		{
			"msg": "volume \"data\" is a directory of the node, by the storage class microk8s-hostpath",
			"details": {
				"path": "/spec/volumes/0/ephemeral/volumeClaimTemplate/spec/storageClassName",
				"severity": "low",
			},
		},
	}
	violations := indirect_host_path.violation with input as _pod({
		"volumes": [
			{
				"name": "data",
				"ephemeral": {
					"volumeClaimTemplate": {"spec": {"storageClassName": "microk8s-hostpath"}},
				},
			},
		],
		"containers": [{"name": "build"}],
	})
	violations == expected
}

test_fail_persistent_volume_socket if {
	expected := {
		{
			"msg": "the volume is /var/run/docker.sock on the node, the Docker socket",
			"details": {"path": "/spec/hostPath/path", "severity": "critical"},
		},
	}
	violations := indirect_host_path.violation with input as _volume({"hostPath": {"path": "/var/run/docker.sock"}})
	violations == expected
}

test_fail_persistent_volume_sensitive if {
	expected := {
		{
			"msg": "the volume is /var/log on the node, the logs of every pod",
			"details": {"path": "/spec/hostPath/path", "severity": "high"},
		},
	}
	violations := indirect_host_path.violation with input as _volume({"hostPath": {"path": "/var/log"}})
	violations == expected
}

test_fail_persistent_volume_local if {
	expected := {
		{
			"msg": "the volume is /srv/builds on the node, a directory",
			"details": {"path": "/spec/local/path", "severity": "high"},
		},
	}
	violations := indirect_host_path.violation with input as _volume({"local": {"path": "/srv/builds"}})
	violations == expected
}

test_fail_persistent_volume_flex_volume if {
	expected := {
		{
			"msg": concat(" ", [
				"the volume has the FlexVolume driver example.com/bind, which runs as root on the",
				"node, mount what it likes",
			]),
			"details": {"path": "/spec/flexVolume/driver", "severity": "high"},
		},
	}
	violations := indirect_host_path.violation with input as _volume({"flexVolume": {"driver": "example.com/bind"}})
	violations == expected
}

test_fail_persistent_volume_csi if {
	expected := {
		{
			"msg": "the volume is a directory of the node, by the CSI driver hostpath.csi.k8s.io",
			"details": {"path": "/spec/csi/driver", "severity": "high"},
		},
	}
	violations := indirect_host_path.violation with input as _volume({"csi": {"driver": "hostpath.csi.k8s.io"}})
	violations == expected
}

test_fail_persistent_volume_host_path_driver if {
	expected := {
		{
			"msg": "the volume is a directory of the node, by the CSI driver Host-Path.example.com",
			"details": {"path": "/spec/csi/driver", "severity": "high"},
		},
	}
	violations := indirect_host_path.violation with input as _volume({"csi": {"driver": "Host-Path.example.com"}})
	violations == expected
}

test_fail_bare_object if {
	expected := {
		{
			"msg": concat(" ", [
				"volume \"data\" claims \"cache\", a volume that is /etc on the node, the node's settings",
			]),
			"details": {
				"path": "/spec/volumes/0/persistentVolumeClaim/claimName",
				"severity": "critical",
			},
		},
	}
	violations := indirect_host_path.violation with input as {
		"apiVersion": "v1",
		"kind": "Pod",
		"metadata": {"name": "agent", "namespace": "ci"},
		"spec": {
			"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "cache"}}],
			"containers": [{"name": "build"}],
		},
	}
		with data.inventory as {
			"cluster": {
				"v1": {
					"PersistentVolume": {
						"node": {"kind": "PersistentVolume", "spec": {"hostPath": {"path": "/etc"}}},
					},
				},
			},
			"namespace": {
				"ci": {"v1": {"PersistentVolumeClaim": {"cache": {"spec": {"volumeName": "node"}}}}},
			},
		}
	violations == expected
}

test_success_claim_of_nothing_known if {
	violations := indirect_host_path.violation with input as _pod({
		"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "cache"}}],
		"containers": [{"name": "build"}],
	})
	violations == set()
}

test_success_claim_of_another_volume if {
	violations := indirect_host_path.violation with input as _pod({
		"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "cache"}}],
		"containers": [{"name": "build"}],
	})
		with data.inventory as {
			"cluster": {
				"v1": {
					"PersistentVolume": {
						"node": {
							"kind": "PersistentVolume",
							"spec": {
								"hostPath": {"path": "/"},
								"claimRef": {"name": "cache", "namespace": "other"},
							},
						},
					},
				},
			},
			"namespace": {
				"ci": {
					"v1": {"PersistentVolumeClaim": {"cache": {"spec": {"volumeName": "other"}}}},
				},
			},
		}
	violations == set()
}

test_success_volume_of_an_earlier_claim if {
	violations := indirect_host_path.violation with input as _pod({
		"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "cache"}}],
		"containers": [{"name": "build"}],
	})
		with data.inventory as _bound("earlier", "now")
	violations == set()
}

test_fail_b09_claim_by_uid if {
	expected := {
		{
			"msg": "volume \"data\" claims \"cache\", a volume that is /srv/builds on the node, a directory",
			"details": {
				"path": "/spec/volumes/0/persistentVolumeClaim/claimName",
				"severity": "high",
			},
		},
	}
	violations := indirect_host_path.violation with input as _pod({
		"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "cache"}}],
		"containers": [{"name": "build"}],
	})
		with data.inventory as _bound("now", "now")
	violations == expected
}

test_success_ordinary if {
	violations := indirect_host_path.violation with input as _pod({
		"volumes": [
			{"name": "secrets", "csi": {"driver": "secrets-store.csi.k8s.io"}},
			{"name": "files", "nfs": {"server": "files", "path": "/"}},
			{
				"name": "data",
				"ephemeral": {"volumeClaimTemplate": {"spec": {"storageClassName": "gp3"}}},
			},
		],
		"containers": [{"name": "build"}],
	})
	violations == set()
}

test_success_persistent_volume_nfs if {
	violations := indirect_host_path.violation with input as _volume({"nfs": {"server": "files", "path": "/"}})
	violations == set()
}

test_success_nulls if {
	violations := indirect_host_path.violation with input as {
		"review": {
			"object": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": null,
				"spec": {
					"containers": null,
					"initContainers": [null, "x"],
					"volumes": null,
					"securityContext": null,
				},
			},
			"namespace": "ci",
		},
	}
	violations == set()
}

_pod(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "Pod", "spec": spec}, "namespace": "ci"}}

_volume(spec) := {"review": {"object": {"apiVersion": "v1", "kind": "PersistentVolume", "spec": spec}}}

# A volume that says of which claim it is, and a claim of that name.
_bound(of, uid) := {
	"cluster": {
		"v1": {
			"PersistentVolume": {
				"node": {
					"kind": "PersistentVolume",
					"spec": {
						"hostPath": {"path": "/srv/builds"},
						"claimRef": {"name": "cache", "namespace": "ci", "uid": of},
					},
				},
			},
		},
	},
	"namespace": {"ci": {"v1": {"PersistentVolumeClaim": {"cache": {"metadata": {"uid": uid}, "spec": {}}}}}},
}
