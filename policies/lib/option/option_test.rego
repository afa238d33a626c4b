package lib.podgate.option_test

import rego.v1

import data.lib.podgate.option

test_options_that_reach_the_node if {
	cases := {
		"run --privileged x": ["--privileged"],
		"run --privileged=1 x": ["--privileged"],
		"run --privileged=TRUE x": ["--privileged"],
		"run --privileged=$P x": ["--privileged"],
		"run --use-api-socket x": ["--use-api-socket"],
		"create --pid host --ipc=host x": ["--pid host", "--ipc host"],
		"run --userns=host --cgroupns host x": ["--userns host", "--cgroupns host"],
		"run --network host x": ["--network host"],
		"run --net=host --pid=host x": ["--net host", "--pid host"],
		"run --network alias=a,name=host x": ["--network alias=a,name=host"],
		"run --net alias=a,NAME=HOST x": ["--net alias=a,NAME=HOST"],
		"run --network=name=Host x": ["--network name=Host"],
		"run --net-host x y": ["--net-host"],
		"run --cap-add cap_sys_module --cap-add=ALL x": ["--cap-add cap_sys_module", "--cap-add ALL"],
		"run --cap-add NET_RAW,SYS_PTRACE x": ["--cap-add NET_RAW,SYS_PTRACE"],
		"run --security-opt seccomp=unconfined x": ["--security-opt seccomp=unconfined"],
		"run --security-opt=label:disable x": ["--security-opt label:disable"],
		"run --security-opt unmask=ALL x": ["--security-opt unmask=ALL"],
		"run --device /dev/sda:/dev/x x": ["--device /dev/sda:/dev/x"],
		"run --device-cgroup-rule=b x": ["--device-cgroup-rule b"],
		"run --with-ns pid:/proc/1/ns/pid x": ["--with-ns pid:/proc/1/ns/pid"],
		"exec --privileged x sh": ["--privileged"],
	}
	every words, options in cases {
		option.reaching(split(words, " ")) == options
	}
}

test_values_in_front_of_the_verb if {
	fronts := [
		"-p build",
		"-p run",
		"compose --project-name ps",
		"compose --profile create -f build",
		"--context x",
		"-c images",
		"-H unix:///var/run/docker.sock",
		"-n logs",
		"-D --tls",
	]
	every front in fronts {
		option.reaching(split(sprintf("%v run --privileged x", [front]), " ")) == ["--privileged"]
		option.verb(split(sprintf("%v exec --privileged x", [front]), " ")) == "exec"
		option.reaching(split(sprintf("%v build run --privileged x", [front]), " ")) == []
	}
}

test_volumes_of_the_node if {
	volumes := [
		"/:/h",
		"/etc:/h",
		"/root",
		"/var/lib/kubelet:/h",
		"/var/run/docker.sock:/s:ro",
		"/etc/passwd:/etc/passwd",
		"//./pipe/docker_engine://./pipe/docker_engine",
		`C:\ProgramData\docker:C:\d`,
	]
	every volume in volumes {
		expected := [sprintf("-v %v", [volume])]
		option.reaching(["run", "-v", volume, "x"]) == expected
		option.reaching(["run", sprintf("--volume=%v", [volume]), "x"]) == expected
		option.reaching(["run", "-itv", volume, "x"]) == expected
		option.reaching(["run", sprintf("-dv=%v", [volume]), "x"]) == expected
		option.reaching(["run", sprintf("-iv%v", [volume]), "x"]) == expected
	}
	option.reaching(["run", "--mount", "type=bind,SRC=/etc,dst=/h", "x"]) == ["--mount type=bind,SRC=/etc,dst=/h"]
	device := "volume-opt=o=bind,volume-opt=device=/,dst=/h"
	option.reaching(["run", "--mount", device, "x"]) == [sprintf("--mount %v", [device])]
	option.reaching(["volume", "create", "x", "-o", "device=/"]) == ["-o device=/"]
}

test_the_image_ends_the_options if {
	none := [
		"run x --privileged",
		"run --rm -it -w /x -p 1:2 x --privileged",
		"--context a compose run --no-deps x -v /:/h",
		"run $image x --privileged",
		"run -v $pwd:/x x -v /:/h",
	]
	every words in none {
		option.reaching(split(words, " ")) == []
	}
	option.reaching(["run", "$image", "--privileged"]) == ["--privileged"]
	option.reaching(["run", "$", "cat", "image", "--privileged"]) == ["--privileged"]
	option.reaching(["run", "--rm", "--privileged"]) == ["--privileged"]
}

test_values_that_look_like_options if {
	none := [
		["run", "--name", "--privileged", "x"],
		["run", "--rm", "--label", "--privileged", "x"],
		["run", "--label", "a", "-e", "--pid=host", "x"],
		["run", "-it", "--entrypoint", "--privileged", "x", "--privileged"],
		["run", "--entrypoint", "", "x", "--privileged"],
		["run", "--entrypoint", option.empty, "x", "--privileged"],
	]
	every words in none {
		option.reaching(words) == []
	}
	some_reach := [
		["run", "--name", "--label", "--privileged", "x"],
		["run", "--not-known", "--name", "--privileged", "x"],
		["run", "-v", "-e", "--privileged", "x"],
		["run", "$options", "--name", "--privileged", "x"],
		["run", "--name=a", "--privileged", "x"],
		["run", "--name", "", "--privileged", "x"],
		["run", "--name", option.empty, "--privileged", "x"],
		["run", "--not-known", "--privileged", "x"],
		["run", "", "--privileged", "x"],
	]
	every words in some_reach {
		option.reaching(words) == ["--privileged"]
	}
}

test_what_stays_in_the_container if {
	none := [
		"run --privileged=false --use-api-socket=0 x",
		"run --privileged=F x",
		"run -v name:/x -v $PWD:/y -v ./:/z -v /srv/x:/y:ro -v /home/ci/work/x:/w x",
		"run -v /etc/passwd:/etc/passwd:ro -v /etc/localtime:/etc/localtime x",
		"run --mount type=bind,source=$PWD,dst=/x --mount type=tmpfs,dst=/y x",
		"run --cap-drop ALL --cap-add NET_ADMIN x",
		"run --security-opt no-new-privileges --security-opt seccomp=a.json x",
		"run --device /dev/fuse --device /dev/kvm --device nvidia.com/gpu=all x",
		"run --pid container:a --net container:a --network bridge x",
		"run --network hosts --network-alias host --net name=a,alias=host --hostname host x",
		"run --network HOST --net Host --pid host1 x",
		"run --network x host",
		"run --net-host=false x y",
		"network create host",
		"build --network host .",
		"buildx create --driver-opt network=host",
		"run -e A=--privileged x",
		"build --privileged .",
		"build -t run -v /:/h .",
		"ps --privileged",
	]
	every words in none {
		option.reaching(split(words, " ")) == []
	}
}
