//! What steps run in a shell, and what tasks run or create by themselves
//! (<https://learn.microsoft.com/azure/devops/pipelines/tasks/reference/>).

use super::super::super::part::Part;

/// The scripts of a step, and the commands of tasks that have programs of their own.
pub(super) fn scripts(step: &Part) -> Vec<Part> {
    let task = step.text_of("task").unwrap_or_default();
    let inputs = step.items_of("inputs");
    let own = inputs.iter().flat_map(|own| match task.split('@').next() {
        Some("Docker") => docker(own),
        Some("Kubernetes") => kubectl(own).into_iter().collect(),
        _ => Vec::new(),
    });
    let inline = inputs.iter().flat_map(|own| ["script", "inlineScript"].map(|key| own.get(key)));
    let keys = ["bash", "powershell", "pwsh", "script"].map(|key| step.get(key));
    own.chain(keys.into_iter().chain(inline).flatten()).collect()
}

/// The manifests that a step has in itself.
pub(super) fn created(step: &Part) -> Vec<Part> {
    let is_own = step.text_of("task").is_some_and(|task| task.starts_with("Kubernetes"));
    let inputs = step.items_of("inputs").into_iter().filter(|_| is_own);
    let texts = inputs.flat_map(|own| ["configuration", "inline", "manifests"].map(|key| own.get(key)));
    // Anything else is the name of a file.
    let is_manifest = |part: &Part| part.as_str().is_some_and(|text| text.contains("kind"));
    texts.flatten().filter(is_manifest).collect()
}

/// The commands of the task that is Docker's: "Run an image" is `docker run`, with volumes in lines.
fn docker(inputs: &Part) -> Vec<Part> {
    let asked = ["command", "action"].iter().find_map(|key| inputs.text_of(key)).unwrap_or_default();
    let asked = asked.to_lowercase();
    let verb = asked.split_whitespace().next().unwrap_or_default();
    let command = |of: &Part, options: &str| Part::text(&format!("docker {options}"), &of.pointer);
    let written = |key: &str| inputs.get(key).filter(|own| own.as_str().is_some());
    let text = |own: &Part| own.as_str().unwrap_or_default().to_owned();
    let mut commands = Vec::new();
    for key in ["arguments", "additionalArguments"] {
        commands.extend(written(key).map(|own| command(&own, &format!("{verb} {}", text(&own)))));
    }
    commands.extend(written("customCommand").map(|own| command(&own, &text(&own))));
    if let Some(volumes) = written("volumes").filter(|_| verb == "run") {
        let lines = text(&volumes);
        let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
        commands.extend(lines.map(|line| command(&volumes, &format!("run -v {line}"))));
    }
    commands
}

/// The command of the task that is kubectl's.
fn kubectl(inputs: &Part) -> Option<Part> {
    let arguments = inputs.get("arguments")?;
    let command = inputs.text_of("command").unwrap_or_default();
    Some(Part::text(&format!("kubectl {command} {}", arguments.as_str()?), &arguments.pointer))
}
