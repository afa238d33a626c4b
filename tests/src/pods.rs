//! Pods over every field that the Pod Security Standards look at. Most of a pod is as it should be, so that single
//! faults decide; values are good, bad, unknown, empty and null.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// A pod.
pub fn pod(rng: &mut Rng) -> Value {
    // How often a field is another than the good one.
    let faults = *rng.choice(&[0.0, 0.02, 0.1, 0.3]).unwrap();
    let mut maker = Maker { rng, faults, containers: 0 };
    let mut spec = Map::new();
    for (list, most) in [("initContainers", 2), ("containers", 3), ("ephemeralContainers", 2)] {
        let length = maker.rng.usize(0..=most);
        let containers: Vec<Value> = (0..length).map(|_| maker.container()).collect();
        spec.insert(list.to_owned(), json!(containers));
        maker.sometimes(&mut spec, list, &[json!(null), json!([null])]);
    }
    let mut context = maker.context();
    maker.sometimes(&mut context, "sysctls", &sysctls());
    spec.insert("securityContext".to_owned(), context.into());
    maker.sometimes(&mut spec, "securityContext", &[json!(null), json!({})]);
    for field in ["hostNetwork", "hostPID", "hostIPC"] {
        maker.sometimes(&mut spec, field, &[json!(true), json!(false), json!(null)]);
    }
    for (field, values) in [
        ("hostUsers", [json!(false), json!(true), json!(null)]),
        ("os", [json!({"name": "windows"}), json!({"name": "linux"}), json!({"name": null})]),
    ] {
        if maker.rng.f64() < 0.4 {
            spec.insert(field.to_owned(), maker.one_of(&values));
        }
    }
    let volumes: Vec<Value> = (0..maker.rng.usize(0..=3)).map(|index| maker.volume(index)).collect();
    spec.insert("volumes".to_owned(), json!(volumes));
    maker.sometimes(&mut spec, "volumes", &[json!(null), json!([null])]);
    let metadata = json!({"name": "generated", "annotations": maker.annotations()});
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec})
}

/// The names of the containers of a pod that have one.
pub fn names(pod: &Value) -> Vec<String> {
    let lists = ["initContainers", "containers", "ephemeralContainers"].map(|list| &pod["spec"][list]);
    let containers = lists.into_iter().filter_map(Value::as_array).flatten();
    let names = containers.filter_map(|container| container["name"].as_str());
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

struct Maker<'r> {
    rng: &'r mut Rng,
    faults: f64,
    containers: usize,
}

impl Maker<'_> {
    fn one_of(&mut self, values: &[Value]) -> Value {
        self.rng.choice(values).unwrap().clone()
    }

    fn is_faulty(&mut self) -> bool {
        self.rng.f64() < self.faults
    }

    /// Puts one of the values there, where a fault is due.
    fn sometimes(&mut self, object: &mut Map<String, Value>, field: &str, values: &[Value]) {
        if self.is_faulty() {
            let value = self.one_of(values);
            object.insert(field.to_owned(), value);
        }
    }

    /// What pods and containers may both say.
    fn context(&mut self) -> Map<String, Value> {
        let mut context = Map::new();
        for (field, good) in
            [("runAsNonRoot", json!(true)), ("seccompProfile", json!({"type": "RuntimeDefault"}))]
        {
            if self.rng.f64() < 0.6 {
                context.insert(field.to_owned(), good);
            }
        }
        let types = ["Unconfined", "RuntimeDefault", "Localhost", "runtime/default", ""];
        let mut profiles: Vec<Value> = types.map(|name| json!({"type": name})).to_vec();
        profiles.extend([json!(null), json!({}), json!({"type": null})]);
        self.sometimes(&mut context, "seccompProfile", &profiles);
        self.sometimes(&mut context, "appArmorProfile", &profiles);
        self.sometimes(&mut context, "runAsNonRoot", &[json!(false), json!(true), json!(null)]);
        self.sometimes(&mut context, "runAsUser", &[json!(0), json!(0), json!(1000), json!(null)]);
        let windows = [json!({"hostProcess": true}), json!({"hostProcess": false}), json!({}), json!(null)];
        self.sometimes(&mut context, "windowsOptions", &windows);
        let options = [
            json!({"type": "container_t"}),
            json!({"type": "container_engine_t"}),
            json!({"type": "container_kvm_t", "level": "s0"}),
            json!({"type": "spc_t"}),
            json!({"type": "", "user": "", "role": ""}),
            json!({"user": "system_u"}),
            json!({"role": "system_r", "type": null}),
            json!({}),
            json!(null),
        ];
        self.sometimes(&mut context, "seLinuxOptions", &options);
        context
    }

    fn container(&mut self) -> Value {
        let mut container = Map::new();
        container.insert("name".to_owned(), json!(format!("own-name-{}", self.containers)));
        self.containers += 1;
        self.sometimes(&mut container, "name", &[json!(null), json!("")]);
        let mut context = self.context();
        context.insert("allowPrivilegeEscalation".to_owned(), json!(false));
        context.insert("capabilities".to_owned(), json!({"drop": ["ALL"]}));
        self.sometimes(&mut context, "allowPrivilegeEscalation", &[json!(true), json!(null)]);
        self.sometimes(&mut context, "privileged", &[json!(true), json!(false), json!(null)]);
        self.sometimes(
            &mut context,
            "procMount",
            &["Unmasked", "Default", "", "Other"].map(|own| json!(own)),
        );
        if self.is_faulty() {
            let capabilities = json!({"add": self.capabilities(), "drop": self.capabilities()});
            context.insert("capabilities".to_owned(), capabilities);
        }
        self.sometimes(&mut context, "capabilities", &[json!(null), json!({}), json!({"drop": null})]);
        container.insert("securityContext".to_owned(), context.into());
        self.sometimes(&mut container, "securityContext", &[json!(null), json!({})]);
        let ports = [
            json!([{"containerPort": 80}]),
            json!([{"containerPort": 80, "hostPort": 0}, {"containerPort": 81, "hostPort": 81}]),
            json!([{"containerPort": 80, "hostPort": null}, null]),
            json!(null),
        ];
        self.sometimes(&mut container, "ports", &ports);
        for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
            let handler = self.handler();
            self.sometimes(&mut container, probe, &[handler, json!(null)]);
        }
        let lifecycle = json!({"postStart": self.handler(), "preStop": self.handler()});
        self.sometimes(&mut container, "lifecycle", &[lifecycle, json!({}), json!(null)]);
        container.into()
    }

    fn capabilities(&mut self) -> Value {
        const NAMES: [&str; 9] =
            ["ALL", "CHOWN", "NET_BIND_SERVICE", "SYS_ADMIN", "NET_RAW", "CAP_CHOWN", "all", "", "MKNOD"];
        let mut names: Vec<Value> =
            (0..self.rng.usize(0..=2)).map(|_| json!(NAMES[self.rng.usize(0..NAMES.len())])).collect();
        if self.is_faulty() {
            names.push(json!(null));
        }
        names.into()
    }

    fn handler(&mut self) -> Value {
        let hosts = [json!(""), json!(null), json!("10.0.0.1"), json!("127.0.0.1")];
        let host = self.one_of(&hosts);
        let values = [
            json!({"httpGet": {"port": 80, "host": host}}),
            json!({"tcpSocket": {"port": 80, "host": host}}),
            json!({"exec": {"command": ["true"]}}),
            json!({"httpGet": null, "tcpSocket": {"port": "http"}}),
            json!(null),
        ];
        self.one_of(&values)
    }

    fn volume(&mut self, index: usize) -> Value {
        const GOOD: [&str; 9] = [
            "configMap",
            "csi",
            "downwardAPI",
            "emptyDir",
            "ephemeral",
            "image",
            "persistentVolumeClaim",
            "projected",
            "secret",
        ];
        const BAD: [&str; 12] = [
            "hostPath",
            "hostPath",
            "nfs",
            "gitRepo",
            "flexVolume",
            "iscsi",
            "azureFile",
            "glusterfs",
            "rbd",
            "fc",
            "portworxVolume",
            "storageos",
        ];
        let mut volume = Map::new();
        volume.insert("name".to_owned(), json!(format!("volume-{index}")));
        let good = *self.rng.choice(&GOOD).unwrap();
        volume.insert(good.to_owned(), json!({}));
        self.sometimes(&mut volume, good, &[json!(null)]);
        let bad = *self.rng.choice(&BAD).unwrap();
        self.sometimes(&mut volume, bad, &[json!({}), json!({}), json!(null)]);
        if self.is_faulty() {
            volume.remove(good);
        }
        volume.into()
    }

    fn annotations(&mut self) -> Value {
        const KEYS: [&str; 5] = [
            "container.apparmor.security.beta.kubernetes.io/",
            "container.seccomp.security.alpha.kubernetes.io/",
            "seccomp.security.alpha.kubernetes.io/pod",
            "container.apparmor.security.beta.kubernetes.io",
            "example.com/",
        ];
        let values =
            ["unconfined", "runtime/default", "docker/default", "localhost/own", "localhost", "", "other"];
        let mut values = values.map(|own| json!(own)).to_vec();
        values.push(json!(null));
        let mut annotations = Map::new();
        for key in KEYS {
            for _ in 0..2 {
                let container = ["own-name-0", "own-name-1", "missing", ""][self.rng.usize(0..4)];
                let key = if key.ends_with('/') { format!("{key}{container}") } else { key.to_owned() };
                self.sometimes(&mut annotations, &key, &values);
            }
        }
        if self.is_faulty() { json!(null) } else { annotations.into() }
    }
}

/// Lists of every sysctl that a version allows, and of others.
fn sysctls() -> Vec<Value> {
    let one = |name: &str| json!([{"name": name, "value": "1"}]);
    let names = [
        "kernel.msgmax",
        "kernel.shm_rmid_forced",
        "kernel/shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ping_group_range",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_notsent_lowat",
        "net.ipv4.tcp_rmem",
        "net.ipv4.tcp_slow_start_after_idle",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.tcp_wmem",
        "",
    ];
    let mut lists: Vec<Value> = names.iter().map(|name| one(name)).collect();
    lists.extend([json!(null), json!([]), json!([null]), json!([{"name": null, "value": "1"}])]);
    lists
}
