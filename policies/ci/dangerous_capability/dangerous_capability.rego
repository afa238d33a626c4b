# METADATA
# title: Dangerous capability
# description: >-
#   Finds capabilities added beyond those that the Pod Security Standard baseline allows, in any spelling.
#   Dropping ALL does not take away what is added.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Pod Security Standards, Capabilities
#   - ref: https://man7.org/linux/man-pages/man7/capabilities.7.html
#     description: Linux, capabilities
# custom:
#   id: CI204
#   severity: medium
#   profiles: [ci]
#   since: 0.1.0
#   attack: >-
#     Whoever edits the pipeline uses the capability to mount file systems, load kernel modules or read files
#     and processes outside the container.
#   help: >-
#     Drop ALL and add only what the build needs, such as SETUID and SETGID for Buildah.
package podgate.ci.dangerous_capability

import rego.v1

import data.lib.podgate.pod

violation contains {"msg": msg, "details": details} if {
	some added in data.lib.podgate.pod.capabilities
	severity := _severity(added.name)
	msg = sprintf("%v adds the capability %v", [pod.called(added.container), added.written])
	at := pod.pointer(added.container, sprintf("securityContext/capabilities/add/%v", [added.index]))
	details := {"path": at, "container": added.container.name, "severity": severity}
}

_severity(name) := "critical" if {
	name in {"ALL", "DAC_READ_SEARCH", "SYS_ADMIN", "SYS_MODULE", "SYS_RAWIO"}
} else := "critical" if {
	name == "SYS_PTRACE"
	"hostPID" in data.lib.podgate.pod.host_namespaces
} else := "high" if {
	name in _high
} else := "medium"

_high := {
	"AUDIT_CONTROL",
	"BPF",
	"CHECKPOINT_RESTORE",
	"LINUX_IMMUTABLE",
	"MAC_ADMIN",
	"MAC_OVERRIDE",
	"NET_ADMIN",
	"PERFMON",
	"SYSLOG",
	"SYS_BOOT",
	"SYS_PTRACE",
	"SYS_TIME",
}
