//! A task and what a run says of it, as one pod (`pkg/pod/pod.go`, `pkg/apis/pipeline/v1/merge.go`).

use super::super::super::part::Part;
use super::super::as_command;
use super::run::Run;

/// The fields of a task's spec.
pub(super) const FIELDS: [&str; 11] = [
    "description",
    "displayName",
    "params",
    "resources",
    "results",
    "sidecars",
    "stepTemplate",
    "steps",
    "volumes",
    "workspaces",
    "metadata",
];

/// What steps and sidecars have beside the fields of a container.
const NOT_OF_CONTAINERS: [&str; 11] = [
    "computeResources",
    "displayName",
    "onError",
    "params",
    "ref",
    "results",
    "stderrConfig",
    "stdoutConfig",
    "timeout",
    "when",
    "workspaces",
];

/// Sources of a volume that a workspace of a run may have.
pub(super) const WORKSPACE_SOURCES: [&str; 6] =
    ["configMap", "csi", "emptyDir", "persistentVolumeClaim", "projected", "secret"];

/// What the controller adds to every pod of a task.
pub(super) fn implied() -> Vec<String> {
    ["restartPolicy: Never", "init containers and empty directories of Tekton's own below /tekton"]
        .map(str::to_owned)
        .to_vec()
}

/// The spec of the pod.
pub(super) fn pod(task: &Part, run: &Run) -> Part {
    let base = task.get("stepTemplate").map(container);
    let template_env = run.env();
    let (volumes, mounts): (Vec<Part>, Vec<Part>) =
        task.items_of("workspaces").iter().filter_map(|own| workspace(own, run)).unzip();
    let steps = task.items_of("steps").into_iter().map(|step| {
        let step = container(step);
        let step = match &base {
            Some(base) if step.is_map() => base.clone().placed(&step.pointer).patched(step),
            _ => step,
        };
        let step = match &template_env {
            Some(env) => step.patched(Part::map(&env.pointer).with("env", env.clone())),
            None => step,
        };
        step.and("volumeMounts", mounts.clone())
    });
    let sidecars = task.items_of("sidecars").into_iter();
    let sidecars = sidecars.map(|sidecar| container(sidecar).and("volumeMounts", mounts.clone()));
    let containers: Vec<Part> = steps.chain(sidecars).collect();
    let spec = run.pod_level(&task.pointer).and("volumes", task.items_of("volumes")).and("volumes", volumes);
    if containers.is_empty() {
        return spec;
    }
    let at =
        task.get("steps").or_else(|| task.get("sidecars")).map_or(task.pointer.clone(), |list| list.pointer);
    spec.with("containers", Part::list(&at, containers))
}

/// What every container of a task has from elsewhere.
pub(super) fn for_each_container(task: &Part, run: &Run) -> Vec<Part> {
    let mounts = task.get("workspaces").filter(|_| run.is_run);
    [task.get("stepTemplate"), run.env(), mounts].into_iter().flatten().collect()
}

/// A step, sidecar or template of steps as a container.
fn container(part: Part) -> Part {
    let resources = part.get("computeResources");
    as_command(part.without(&NOT_OF_CONTAINERS), "script").with("resources", resources)
}

/// The volume of a workspace that the run fills in, and its mount in the containers of the task.
fn workspace(own: &Part, run: &Run) -> Option<(Part, Part)> {
    let name = own.text_of("name")?;
    let filled = run.workspace(&name)?;
    let volume_name = Part::text(&format!("workspace-{name}"), &filled.pointer);
    let claim = filled.get("volumeClaimTemplate").map(|template| {
        Part::map(&template.pointer).with("volumeClaimTemplate", template.clone().only(&["metadata", "spec"]))
    });
    let volume =
        filled.clone().only(&WORKSPACE_SOURCES).with("name", volume_name.clone()).with("ephemeral", claim);
    let path =
        own.get("mountPath").unwrap_or_else(|| Part::text(&format!("/workspace/{name}"), &own.pointer));
    let mount = Part::map(&own.pointer)
        .with("name", volume_name)
        .with("mountPath", path)
        .with("subPath", filled.get("subPath"))
        .with("readOnly", own.get("readOnly"));
    Some((volume, mount))
}

/// Where Tekton fills something in that decides what a pod may do. In host paths and security contexts it fills in
/// nothing (`pkg/reconciler/taskrun/resources/apply.go`), and what is in arguments and the environment is judged
/// as it stands.
pub(super) fn open(spec: &Part) -> Vec<String> {
    spec.texts_with("$(", &["args", "command", "env", "hostPath", "name", "securityContext", "workingDir"])
}
