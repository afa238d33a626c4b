package lib.podgate.path_test

import rego.v1

import data.lib.podgate.path

test_clean_paths_stay if {
	every raw in ["/", "/data", "/data/docker.sock.d/readme"] {
		place := path.read(raw)
		place.clean == raw
		place.canonical == raw
		place.tidy
		place.resolved
	}
}

test_detours if {
	cases := {
		"/data//cache": "/data/cache",
		"/data/./cache/": "/data/cache",
		" /data ": "/data",
		"data": "/data",
		"/a/../b": "/b",
		"/a/b/../../c": "/c",
		"/../../a": "/a",
		"/a/../../b/..": "/",
		"/a/b/c/../../d/../e": "/a/e",
	}
	every raw, clean in cases {
		place := path.read(raw)
		place.clean == clean
		not place.tidy
	}
}

test_variables_are_no_detours if {
	every raw in ["$CI_PROJECT_DIR/cache", "${CACHE}", "/builds/$CI_PROJECT_ID"] {
		path.read(raw).tidy
	}
	not path.read("$CI_PROJECT_DIR/cache").resolved
	path.read("$HOME/../run").canonical == "/run"
}

test_windows_without_a_drive if {
	cases := {
		"/ProgramData/docker": "c:/programdata/docker",
		`\ProgramData\docker`: "c:/programdata/docker",
		"/WINDOWS": "c:/windows",
		"/windowsills/a": "/windowsills/a",
	}
	every raw, canonical in cases {
		path.read(raw).canonical == canonical
	}
}

test_other_names_of_a_place if {
	cases := {
		"/var/run/docker.sock": "/run/docker.sock",
		"/var/home/a": "/home/a",
		"/var/roothome": "/root",
		"/var/log": "/var/log",
		"/bin": "/usr/bin",
		"/lib/modules": "/usr/lib/modules",
		"/sysroot": "/",
		"/sysroot/var/run": "/run",
		"/proc/1/root": "/",
		"/proc/self/root/var/run": "/run",
		"/proc/1/root/proc/2/root/etc": "/etc",
		"/proc/1/task/7/root/etc": "/etc",
		"/proc/1/root/sysroot/etc": "/etc",
		"/proc/1/cwd": "/proc/1/cwd",
		"/host/run": "/host/run",
	}
	every raw, canonical in cases {
		path.read(raw).canonical == canonical
	}
}

test_root_of_a_process_is_a_detour if {
	not path.read("/proc/1/root/etc").tidy
	path.read("/proc/1/cwd").tidy
}

test_windows if {
	cases := {
		`C:\ProgramData\Docker`: "c:/programdata/docker",
		"D:/": "d:/",
		`\\?\C:\Windows`: "c:/windows",
		`\\.\PIPE\docker_engine`: "//./pipe/docker_engine",
		"npipe:////./pipe/docker_engine": "//./pipe/docker_engine",
		"//./pipe/docker_engine": "//./pipe/docker_engine",
		`var\run`: "/run",
	}
	every raw, canonical in cases {
		path.read(raw).canonical == canonical
	}
}

test_unresolved if {
	every raw in ["", "$(DIR)/x", "/data/${X}", "{{ .Values.x }}", 5, null, ["/"]] {
		not path.read(raw).resolved
	}
	path.read("/data/$x").resolved
}
