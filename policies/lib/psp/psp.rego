# The fields of a PodSecurityPolicy (policy/v1beta1): from the parameters and, where one is not given, from one of the
# three policies that Kubernetes documented as examples.
package lib.podgate.psp

import rego.v1

fields := {name: value |
	some name, documented in object.union(_none, _documented[_example])
	value := object.get(data.lib.podgate.parameter.values, name, documented)
}

# The annotations by which a policy spoke of profiles.
seccomp_allowed := fields["seccomp.security.alpha.kubernetes.io/allowedProfileNames"]

seccomp_default := fields["seccomp.security.alpha.kubernetes.io/defaultProfileName"]

app_armor_allowed := fields["apparmor.security.beta.kubernetes.io/allowedProfileNames"]

app_armor_default := fields["apparmor.security.beta.kubernetes.io/defaultProfileName"]

# Whether a strategy takes an id. Null is an id that is not set: MustRunAs sets the first that it allows. A strategy
# without ranges, or with a rule that there is not, was never in force and takes nothing.
takes(strategy, id) if {
	strategy.rule == "RunAsAny"
} else if {
	strategy.rule in {"MayRunAs", "MustRunAs"}
	id == null
	count(object.get(strategy, "ranges", [])) > 0
} else if {
	strategy.rule in {"MayRunAs", "MustRunAs"}
	in_ranges(strategy.ranges, id)
}

in_ranges(ranges, id) if {
	count([range | some range in ranges; id >= range.min; id <= range.max]) > 0
}

# How a message tells ranges.
shown(ranges) := text if {
	parts := [part | some range in ranges; part := sprintf("%v-%v", [range.min, range.max])]
	count(parts) > 0
	text := concat(", ", parts)
} else := "no range"

_example := data.lib.podgate.parameter.values.podSecurityPolicy if {
	data.lib.podgate.parameter.values.podSecurityPolicy in {"baseline", "privileged"}
} else := "restricted"

# What a policy says that says nothing. Null is an annotation that is not there.
_none := {
	"allowPrivilegeEscalation": true,
	"allowedCSIDrivers": [],
	"allowedCapabilities": [],
	"allowedFlexVolumes": [],
	"allowedHostPaths": [],
	"allowedProcMountTypes": [],
	"allowedUnsafeSysctls": [],
	"apparmor.security.beta.kubernetes.io/allowedProfileNames": null,
	"apparmor.security.beta.kubernetes.io/defaultProfileName": "",
	"defaultAddCapabilities": [],
	"defaultAllowPrivilegeEscalation": null,
	"forbiddenSysctls": [],
	"hostIPC": false,
	"hostNetwork": false,
	"hostPID": false,
	"hostPorts": [],
	"privileged": false,
	"readOnlyRootFilesystem": false,
	"requiredDropCapabilities": [],
	"runAsGroup": {"rule": "RunAsAny"},
	"runtimeClass": {"allowedRuntimeClassNames": ["*"]},
	"seLinux": {"rule": "RunAsAny"},
	"seccomp.security.alpha.kubernetes.io/allowedProfileNames": "",
	"seccomp.security.alpha.kubernetes.io/defaultProfileName": "",
}

_documented := {
	"baseline": {
		"allowedCapabilities": [
			"CHOWN",
			"DAC_OVERRIDE",
			"FSETID",
			"FOWNER",
			"MKNOD",
			"SETGID",
			"SETUID",
			"SETFCAP",
			"SETPCAP",
			"NET_BIND_SERVICE",
			"SYS_CHROOT",
			"KILL",
			"AUDIT_WRITE",
		],
		"apparmor.security.beta.kubernetes.io/allowedProfileNames": "runtime/default",
		"apparmor.security.beta.kubernetes.io/defaultProfileName": "runtime/default",
		"fsGroup": {"rule": "RunAsAny"},
		"runAsUser": {"rule": "RunAsAny"},
		"seccomp.security.alpha.kubernetes.io/allowedProfileNames": "docker/default,runtime/default,unconfined",
		"seccomp.security.alpha.kubernetes.io/defaultProfileName": "unconfined",
		"supplementalGroups": {"rule": "RunAsAny"},
		"volumes": [
			"configMap",
			"emptyDir",
			"projected",
			"secret",
			"downwardAPI",
			"csi",
			"persistentVolumeClaim",
			"ephemeral",
			"awsElasticBlockStore",
			"azureDisk",
			"azureFile",
			"cephFS",
			"cinder",
			"fc",
			"flexVolume",
			"flocker",
			"gcePersistentDisk",
			"gitRepo",
			"glusterfs",
			"iscsi",
			"nfs",
			"photonPersistentDisk",
			"portworxVolume",
			"quobyte",
			"rbd",
			"scaleIO",
			"storageos",
			"vsphereVolume",
		],
	},
	"privileged": {
		"allowedCapabilities": ["*"],
		"fsGroup": {"rule": "RunAsAny"},
		"hostIPC": true,
		"hostNetwork": true,
		"hostPID": true,
		"hostPorts": [{"min": 0, "max": 65535}],
		"privileged": true,
		"runAsUser": {"rule": "RunAsAny"},
		"seccomp.security.alpha.kubernetes.io/allowedProfileNames": "*",
		"supplementalGroups": {"rule": "RunAsAny"},
		"volumes": ["*"],
	},
	"restricted": {
		"allowPrivilegeEscalation": false,
		"apparmor.security.beta.kubernetes.io/allowedProfileNames": "runtime/default",
		"apparmor.security.beta.kubernetes.io/defaultProfileName": "runtime/default",
		"fsGroup": {"rule": "MustRunAs", "ranges": [{"min": 1, "max": 65535}]},
		"requiredDropCapabilities": ["ALL"],
		"runAsUser": {"rule": "MustRunAsNonRoot"},
		"seccomp.security.alpha.kubernetes.io/allowedProfileNames": "docker/default,runtime/default",
		"supplementalGroups": {"rule": "MustRunAs", "ranges": [{"min": 1, "max": 65535}]},
		"volumes": [
			"configMap",
			"emptyDir",
			"projected",
			"secret",
			"downwardAPI",
			"csi",
			"persistentVolumeClaim",
			"ephemeral",
		],
	},
}
