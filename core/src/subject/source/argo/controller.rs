//! The settings of Argo's controller, from which every pod begins
//! (<https://argo-workflows.readthedocs.io/en/latest/workflow-controller-configmap/>).

use super::super::super::part::Part;
use super::super::super::template::Template;
use super::super::{Maker, values, yes};
use super::in_case;

/// Keys by which the settings are known whatever their name.
const OWN_KEYS: [&str; 4] =
    ["containerRuntimeExecutor", "containerRuntimeExecutors", "sidecar.container", "workflowDefaults"];

/// All keys that say something of pods.
const KEYS: [&str; 8] = [
    "config",
    "containerRuntimeExecutor",
    "containerRuntimeExecutors",
    "dockerSockPath",
    "executor",
    "mainContainer",
    "sidecar.container",
    "workflowDefaults",
];

/// Those that stand below `controller` in the values of the chart.
const OF_CHART: [&str; 3] = ["containerRuntimeExecutor", "containerRuntimeExecutors", "workflowDefaults"];

/// Whether these are values of the chart `argo-workflows`.
pub(in super::super) fn is_values(values: &Part) -> bool {
    let of_controller = |key: &&str| values.find(&["controller", *key]).is_some();
    let main = values.get("mainContainer").filter(Part::is_map);
    OF_CHART.iter().any(of_controller)
        || main.is_some()
            && ["controller", "executor", "workflow"].iter().any(|key| values.get(key).is_some())
}

impl Maker<'_> {
    /// Judges what the settings say of pods; says whether these are the controller's settings.
    pub(super) fn controller(&mut self, map: &Part) -> bool {
        let Some(data) = map.get("data").map(|data| data.folded(&KEYS)) else { return false };
        let named = map.find(&["metadata", "name"]).and_then(|name| name.as_str().map(str::to_owned));
        let is_own = named.as_deref() == Some("workflow-controller-configmap")
            || OWN_KEYS.iter().any(|key| data.get(key).is_some());
        if !is_own {
            return false;
        }
        // All settings may stand in one text.
        data.entries().iter().filter(|(key, _)| KEYS.contains(&&**key)).for_each(|(_, text)| self.take(text));
        let whole = data.get("config").and_then(|text| self.document(&text, "the settings"));
        let whole = whole.map(|whole| whole.folded(&KEYS));
        let settings = [Some(data), whole].into_iter().flatten();
        for settings in settings {
            self.settings(&settings);
        }
        true
    }

    /// Judges what values of the chart `argo-workflows` say of pods; says whether these are values of it.
    pub(super) fn values_of_chart(&mut self, whole: &Part) -> bool {
        let read = ["controller", "executor", "mainContainer"];
        let Some((values, others)) = values::of_chart(whole, &read, |_, own| is_values(own)) else {
            return false;
        };
        let controller = values.get("controller").unwrap_or_else(|| Part::map(&values.pointer));
        let container = |key: &str| {
            let own = values.get(key)?.without(&["image"]);
            own.entries().iter().any(|(_, part)| values::is_said(part)).then_some(own)
        };
        let settings = controller
            .clone()
            .only(&OF_CHART)
            .with("executor", container("executor"))
            .with("mainContainer", container("mainContainer"));
        self.settings(&settings);
        self.by_shape(controller.without(&OF_CHART).entries().iter().map(|(_, part)| part));
        self.beside(&others);
        true
    }

    fn settings(&mut self, settings: &Part) {
        if let Some(defaults) = self.setting(settings, "workflowDefaults")
            && let Some(spec) = defaults.get("spec")
        {
            self.workflow(&spec, true);
        }
        for (key, name) in [("executor", "wait"), ("mainContainer", "main"), ("sidecar.container", "plugin")]
        {
            if let Some(container) = self.setting(settings, key) {
                let name = container.get("name").unwrap_or_else(|| Part::text(name, &container.pointer));
                let list = Part::list(&container.pointer.clone(), vec![container.clone().with("name", name)]);
                self.default_of_all(Part::map(&container.pointer).with("containers", list));
            }
        }
        let path = settings.get("dockerSockPath");
        if let Some(executor) = settings.get("containerRuntimeExecutor") {
            self.executor(&executor, path.as_ref());
        }
        let others = self.setting(settings, "containerRuntimeExecutors");
        for one in others.iter().flat_map(Part::items).filter_map(|one| one.get("name")) {
            self.executor(&one, path.as_ref());
        }
    }

    /// A setting, which is written out or as a text of its own.
    fn setting(&mut self, settings: &Part, key: &str) -> Option<Part> {
        let setting = settings.get(key)?;
        let setting = if setting.as_str().is_none() { Some(setting) } else { self.document(&setting, key) };
        setting.map(|setting| in_case(setting, &mut Vec::new()))
    }

    /// What the executors before Argo 3.4 added to every pod, by their names.
    fn executor(&mut self, name: &Part, path: Option<&Part>) {
        let at = name.pointer.as_str();
        let text = |text: &str| Part::text(text, at);
        let wait = Part::map(at).with("name", text("wait"));
        let pod = Part::map(at);
        let pod = match name.as_str() {
            Some("docker") => {
                let path = path.cloned().unwrap_or_else(|| text("/var/run/docker.sock"));
                let mount = Part::map(at)
                    .with("name", text("docker-sock"))
                    .with("mountPath", text("/var/run/docker.sock"))
                    .with("readOnly", yes(at));
                let volume = Part::map(at)
                    .with("name", text("docker-sock"))
                    .with("hostPath", Part::map(at).with("path", path).with("type", text("Socket")));
                pod.and("containers", vec![wait.and("volumeMounts", vec![mount])])
                    .and("volumes", vec![volume])
            }
            Some("pns") => {
                let added = Part::list(at, vec![text("SYS_PTRACE"), text("SYS_CHROOT")]);
                let context = Part::map(at).with("capabilities", Part::map(at).with("add", added));
                pod.and("containers", vec![wait.with("securityContext", context)])
                    .with("shareProcessNamespace", yes(at))
            }
            _ => return,
        };
        self.default_of_all(pod);
    }

    fn default_of_all(&mut self, spec: Part) {
        self.add(Template {
            spec: Some(spec),
            partial: true,
            implied: vec!["every pod of Argo Workflows in the cluster has it".to_owned()],
            ..Template::default()
        });
    }
}
