# Which versions of the Pod Security Standards the pod is held to, and what changed with them. A version is told by
# its minor: every one so far is 1.x.
package lib.podgate.pss_version

import rego.v1

# The minors asked for. Where none is, whoever runs a check means its newest form.
baseline := [latest] if {
	count(_baseline) == 0
	count(_restricted) == 0
} else := _baseline

# What the checks of the level "restricted" judge by; they may be run alone.
restricted := [latest] if {
	count(_restricted) == 0
} else := _restricted

# Checks of the level "baseline" belong to the level "restricted" too, up to the version that has a stricter check
# in their place.
as_part_of_restricted := _restricted

all := array.concat(baseline, _restricted)

oldest := min(all)

newest := max(all)

# Newer than every version there is.
latest := 10000

# Whether one of the minors lies in a time: since one minor, and before another.
within(minors, since, before) if {
	count([minor | some minor in minors; minor >= since; minor < before]) > 0
}

# The end of the time in which a check did not spare pods for Windows, and pods in a user namespace of their own.
before_windows := 25 if {
	data.lib.podgate.pod.spec.os.name == "windows"
} else := end

before_user_namespaces := 35 if {
	data.lib.podgate.pod.user_namespace
} else := end

# After every version.
end := 10001

# The sysctls that the check allows, and since when.
sysctls := {
	"kernel.shm_rmid_forced": 0,
	"net.ipv4.ip_local_port_range": 0,
	"net.ipv4.ip_local_reserved_ports": 27,
	"net.ipv4.ip_unprivileged_port_start": 0,
	"net.ipv4.ping_group_range": 0,
	"net.ipv4.tcp_fin_timeout": 29,
	"net.ipv4.tcp_keepalive_intvl": 29,
	"net.ipv4.tcp_keepalive_probes": 29,
	"net.ipv4.tcp_keepalive_time": 29,
	"net.ipv4.tcp_notsent_lowat": 37,
	"net.ipv4.tcp_rmem": 32,
	"net.ipv4.tcp_slow_start_after_idle": 37,
	"net.ipv4.tcp_syncookies": 0,
	"net.ipv4.tcp_wmem": 32,
}

# The types of SELinux that the check allows, and since when.
se_linux_types := {
	"": 0,
	"container_engine_t": 31,
	"container_init_t": 0,
	"container_kvm_t": 0,
	"container_t": 0,
}

_baseline := [_minor(version) | some version in _asked.baseline]

_restricted := [_minor(version) | some version in _asked.restricted]

_asked := asked if {
	asked = data.lib.podgate.parameter.values.podSecurity
	is_object(asked)
} else := {}

# The minor of a version such as v1.30. What is no version counts as the latest, as in Pod Security Admission.
_minor(version) := minor if {
	is_string(version)
	startswith(version, "v1.")
	digits := substring(version, 3, -1)
	digits != ""
	trim(digits, "0123456789") == ""
	minor := min([to_number(digits), latest])
} else := latest
