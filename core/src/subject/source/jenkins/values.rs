//! Values of Jenkins' Helm chart (<https://github.com/jenkinsci/helm-charts>), of which the chart makes a configuration
//! as code (`jenkins.casc.podTemplate`).

use std::sync::Arc;

use super::super::super::part::Part;
use super::super::super::template::Template;
use super::super::Maker;
use super::{casc, field};

/// Keys that only this chart has below `agent` and `controller`.
const OF_AGENT: [&str; 9] = [
    "additionalContainers",
    "customJenkinsLabels",
    "defaultsProviderTemplate",
    "disableDefaultAgent",
    "hostNetworking",
    "podTemplates",
    "sideContainerName",
    "workspaceVolume",
    "yamlTemplate",
];
/// Keys that `agent` has beside `controller` in this chart.
const OF_BOTH: [&str; 8] = [
    "alwaysPullImage",
    "containerCap",
    "jenkinsUrl",
    "podName",
    "podRetention",
    "privileged",
    "showRawYaml",
    "websocket",
];
const OF_CONTROLLER: [&str; 7] = [
    "JCasC",
    "additionalPlugins",
    "disableRememberMe",
    "executorMode",
    "installPlugins",
    "jenkinsUrl",
    "numExecutors",
];

/// All that an agent has in this chart, beside what only it has.
const OF_ANY_AGENT: [&str; 31] = [
    "TTYEnabled",
    "annotations",
    "args",
    "command",
    "componentName",
    "connectTimeout",
    "directConnection",
    "enabled",
    "envVars",
    "garbageCollection",
    "idleMinutes",
    "image",
    "imagePullSecretName",
    "inheritYamlMergeStrategy",
    "jenkinsTunnel",
    "livenessProbe",
    "namespace",
    "nodeSelector",
    "nodeUsageMode",
    "resources",
    "restrictedPssSecurityContext",
    "retentionTimeout",
    "runAsGroup",
    "runAsUser",
    "secretEnvVars",
    "serviceAccount",
    "skipTlsVerify",
    "tag",
    "volumes",
    "workingDir",
    "yamlMergeStrategy",
];

/// Judges the agents of values; says whether these are the chart's. They may stand below the name of the chart.
pub(super) fn read(maker: &mut Maker<'_>, root: &Part) -> bool {
    let below = root.get("jenkins").map(in_new_names).filter(is_own);
    if let Some(values) = &below {
        judge(maker, values);
        rest(maker, values);
        maker.beside(&root.clone().without(&["jenkins"]));
        return true;
    }
    let values = in_new_names(root.clone());
    if !is_own(&values) {
        return false;
    }
    judge(maker, &values);
    let controllers = ["controller", "master", "Master"].iter().filter_map(|key| root.get(key));
    maker.by_shape(controllers.collect::<Vec<Part>>().iter());
    maker.beside(&values.without(&READ).without(&["controller"]));
    true
}

/// Values with the names that keys have today: the controller was `master` before version 3 of the chart, and all of
/// them began with a capital before version 1.
fn in_new_names(values: Part) -> Part {
    let lowered = |part: Part| {
        let entries = part.entries().into_iter().map(|(key, value)| match &*key {
            "ImageTag" => ("tag".into(), value),
            "TTYEnabled" => (key, value),
            _ => (field::lower_first(&key).into(), value),
        });
        Part::map(&part.pointer).with_all(entries.collect::<Vec<(Arc<str>, Part)>>())
    };
    [("Agent", "agent"), ("Master", "controller"), ("master", "controller")].iter().fold(
        values,
        |values, (old, new)| {
            let own = values.get(old).filter(|own| own.is_map() && values.get(new).is_none());
            let own = own.map(|own| if *old == "master" { own } else { lowered(own) });
            if own.is_some() { values.without(&[*old]).with(new, own) } else { values }
        },
    )
}

/// What [`judge`] reads of the values in full.
const READ: [&str; 3] = ["additionalAgents", "additionalClouds", "agent"];

/// Whatever else of the values has the shape of a pod.
fn rest(maker: &mut Maker<'_>, values: &Part) {
    let others = values.clone().without(&READ).entries();
    maker.by_shape(others.iter().map(|(_, part)| part));
}

/// Judges the templates that the values have for agents, and the controller's own pod.
fn judge(maker: &mut Maker<'_>, values: &Part) {
    cloud(maker, values, true);
    let hosted = values.find(&["controller", "hostNetworking"]).map(field::truth);
    if let Some(hosted) = hosted.filter(|hosted| hosted.as_bool() != Some(false)) {
        maker.add(Template {
            spec: Some(Part::map(&hosted.pointer).with("hostNetwork", hosted)),
            partial: true,
            implied: vec!["it is the controller's own pod".to_owned()],
            ..Template::default()
        });
    }
    for (_, script) in values.find(&["controller", "JCasC", "configScripts"]).iter().flat_map(Part::entries) {
        if let Some(part) = maker.document(&script, "the configuration as code").filter(Part::is_map) {
            casc::read(maker, &part);
        }
    }
}

/// Whether what stands at a key is certainly values of the chart.
pub(in super::super) fn is_values(key: &str, values: &Part) -> bool {
    if key == "jenkins" { is_own(&in_new_names(values.clone())) } else { is_certain(values) }
}

/// Whether values have what only this chart has.
fn is_certain(values: &Part) -> bool {
    let has = |key: &str, own: &[&str]| {
        values.get(key).is_some_and(|part| own.iter().any(|key| part.get(key).is_some()))
    };
    has("agent", &OF_AGENT) || has("controller", &OF_CONTROLLER)
}

fn is_own(values: &Part) -> bool {
    let is_volume = |item: &Part| item.get("type").is_some() && item.get("mountPath").is_some();
    let volumes = || values.get("agent").is_some_and(|agent| agent.items_of("volumes").iter().any(is_volume));
    is_certain(values) || volumes() || is_pair(values) || is_agent_alone(values)
}

/// Whether values have agents of Jenkins' without anything beside: privileged, or further ones, which have nothing
/// that is no field of an agent.
fn is_agent_alone(values: &Part) -> bool {
    let is_known =
        |key: &str| OF_ANY_AGENT.contains(&key) || OF_AGENT.contains(&key) || OF_BOTH.contains(&key);
    let is_agent =
        |part: &Part| !part.entries().is_empty() && part.entries().iter().all(|(key, _)| is_known(key));
    let each = |key: &str, is: &dyn Fn(&Part) -> bool| {
        let all = values.get(key).map(|all| all.entries()).unwrap_or_default();
        all.iter().any(|(_, one)| is(one))
    };
    let is_cloud = |cloud: &Part| {
        cloud.get("agent").is_some_and(|agent| is_agent(&agent)) || cloud.get("additionalAgents").is_some()
    };
    values.get("agent").is_some_and(|agent| agent.get("privileged").is_some() && is_agent(&agent))
        || each("additionalAgents", &is_agent)
        || each("additionalClouds", &is_cloud)
}

/// Whether values of a controller and an agent are Jenkins': by what only its agents have, or by an image.
fn is_pair(values: &Part) -> bool {
    let (Some(controller), Some(agent)) = (values.get("controller"), values.get("agent")) else {
        return false;
    };
    let of_jenkins = |own: &Part| {
        image(own).is_some_and(|image| image.as_str().is_some_and(|text| text.contains("jenkins")))
    };
    controller.get("image").is_some() && OF_BOTH.iter().any(|key| agent.get(key).is_some())
        || of_jenkins(&controller)
        || of_jenkins(&agent)
}

/// The templates of the chart's cloud, and of the others that it may have.
fn cloud(maker: &mut Maker<'_>, values: &Part, others: bool) {
    let mut templates = Vec::new();
    let written = values.get("agent");
    let agent = written.clone().unwrap_or_else(|| Part::map(&values.pointer));
    let is_on =
        |key: &str, wanted: bool| agent.get(key).and_then(|own| own.as_bool()).unwrap_or(wanted) == wanted;
    if is_on("enabled", true) {
        if written.is_some() && is_on("disableDefaultAgent", false) {
            templates.push(template(&agent));
        }
        for (_, own) in values.get("additionalAgents").iter().flat_map(Part::entries) {
            if !maker.affords(&own.pointer, 1, || agent.size()) {
                return;
            }
            templates.push(template(&over(&agent, &own)));
        }
        for (_, text) in agent.get("podTemplates").iter().flat_map(Part::entries) {
            let list = if text.as_str().is_some() {
                maker.document(&text, "the templates of pods")
            } else {
                Some(text)
            };
            templates.extend(list.iter().flat_map(Part::items));
        }
    }
    casc::templates(maker, &agent, &templates);
    if others {
        let base = values.clone().only(&["agent", "additionalAgents"]);
        for (_, more) in values.get("additionalClouds").iter().flat_map(Part::entries) {
            if !maker.affords(&more.pointer, 1, || base.size()) {
                return;
            }
            let merged = over(&base, &more);
            cloud(maker, &merged, false);
        }
    }
}

/// An agent of the chart as a template of the plugin.
fn template(agent: &Part) -> Part {
    let at = agent.pointer.as_str();
    let list = |key: &str| agent.items_of(key);
    let secrets = agent.get("imagePullSecretName").map(|name| {
        Part::list(&name.pointer.clone(), vec![Part::map(&name.pointer).with("name", name.clone())])
    });
    let mut containers = vec![container(agent, agent)];
    containers.extend(list("additionalContainers").iter().map(|own| container(own, agent)));
    let variables: Vec<Part> = list("envVars").into_iter().chain(list("secretEnvVars")).collect();
    let mut all = Part::map(at);
    for (to, from) in [
        ("name", "podName"),
        ("annotations", "annotations"),
        ("hostNetwork", "hostNetworking"),
        ("nodeSelector", "nodeSelector"),
        ("serviceAccount", "serviceAccount"),
        ("namespace", "namespace"),
        ("volumes", "volumes"),
        ("yaml", "yamlTemplate"),
        ("yamlMergeStrategy", "yamlMergeStrategy"),
        ("inheritYamlMergeStrategy", "inheritYamlMergeStrategy"),
    ] {
        all = all.with(to, agent.get(from));
    }
    let workspace = agent.get("workspaceVolume").filter(|own| !own.entries().is_empty());
    all.with("workspaceVolume", workspace)
        .with("containers", Part::list(at, containers))
        .with("envVars", Part::list(at, variables))
        .with("imagePullSecrets", secrets)
}

/// The container of an agent, or one beside it, which has what the agent says of all.
fn container(own: &Part, agent: &Part) -> Part {
    let at = own.pointer.as_str();
    let name = own.get("sideContainerName").unwrap_or_else(|| Part::text("jnlp", at));
    let both = |key: &str| own.get(key).or_else(|| agent.get(key));
    let mut all = Part::map(at)
        .with("name", name)
        .with("image", image(own))
        .with("privileged", own.get("privileged"))
        .with("runAsUser", both("runAsUser"))
        .with("runAsGroup", both("runAsGroup"))
        .with("command", own.get("command"))
        .with("args", own.get("args"))
        .with("workingDir", both("workingDir"));
    let quantities = [
        ("resourceRequestCpu", ["requests", "cpu"]),
        ("resourceRequestMemory", ["requests", "memory"]),
        ("resourceLimitCpu", ["limits", "cpu"]),
        ("resourceLimitMemory", ["limits", "memory"]),
    ];
    for (to, way) in quantities {
        all = all.with(to, both("resources").and_then(|resources| resources.find(&way)));
    }
    all
}

fn image(own: &Part) -> Option<Part> {
    let image = own.get("image")?;
    if image.as_str().is_some() {
        let tag = own.text_of("tag").map(|tag| format!("{}:{tag}", image.as_str().unwrap_or_default()));
        return Some(tag.map_or(image.clone(), |text| Part::text(&text, &image.pointer)));
    }
    let repository = image.get("repository")?;
    let registry = image.text_of("registry").filter(|registry| !registry.is_empty());
    let mut text = registry.map(|registry| format!("{registry}/")).unwrap_or_default();
    text.push_str(repository.as_str()?);
    if let Some(tag) = image.text_of("tag") {
        text.push(':');
        text.push_str(&tag);
    }
    Some(Part::text(&text, &repository.pointer))
}

/// One map over another: what is empty or false in the upper one is taken from the lower (`merge` of Sprig).
fn over(base: &Part, own: &Part) -> Part {
    let all = base.clone().merged(own.entries(), |key, before, value| {
        let is_list = !value.is_map() && !value.is_scalar();
        let is_empty = value.is_null()
            || value.as_bool() == Some(false)
            || value.as_str().is_some_and(str::is_empty)
            || is_list && value.items().is_empty() && key != "additionalContainers";
        match before {
            Some(_) if is_empty => None,
            Some(before) if before.is_map() && value.is_map() => Some(over(before, &value)),
            _ => Some(value),
        }
    });
    all.placed(&own.pointer)
}
