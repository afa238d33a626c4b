//! What steps run in a shell, and what tasks run or create by themselves
//! (<https://learn.microsoft.com/azure/devops/pipelines/tasks/reference/>).

use super::super::super::part::Part;

/// The scripts of a step, and the commands of tasks that have programs of their own. Each may be said under several
/// conditions.
pub(super) fn scripts(step: &Part) -> Vec<Part> {
    let tasks = texts(step, "task");
    let is = |name: &str| tasks.iter().any(|(_, task)| task.split('@').next() == Some(name));
    let (is_docker, is_kubectl) = (is("Docker"), is("Kubernetes"));
    let mut all = Vec::new();
    for inputs in step.items_of("inputs") {
        if is_docker {
            docker(&inputs, &mut all);
        }
        if is_kubectl {
            kubectl(&inputs, &mut all);
        }
        all.extend(["script", "inlineScript"].iter().flat_map(|key| inputs.items_of(key)));
    }
    all.extend(["bash", "powershell", "pwsh", "script"].iter().flat_map(|key| step.items_of(key)));
    all
}

/// The manifests that a step has in itself.
pub(super) fn created(step: &Part) -> Vec<Part> {
    let is_own = texts(step, "task").iter().any(|(_, task)| task.starts_with("Kubernetes"));
    let inputs = step.items_of("inputs").into_iter().filter(|_| is_own);
    let all = inputs.flat_map(|own| ["configuration", "inline", "manifests"].map(|key| own.items_of(key)));
    // Anything else is the name of a file.
    let is_manifest = |part: &Part| part.as_str().is_some_and(|text| text.contains("kind"));
    all.flatten().filter(is_manifest).collect()
}

/// The texts of a key, with where they stand.
fn texts(of: &Part, key: &str) -> Vec<(Part, String)> {
    let all = of.items_of(key).into_iter();
    all.filter_map(|own| own.as_str().map(str::to_owned).map(|text| (own, text))).collect()
}

/// What of its programs' commands a task is to carry out. Where that hangs on conditions, `run` asks for the most.
fn asked(inputs: &Part, keys: &[&str]) -> String {
    let all = keys.iter().flat_map(|key| texts(inputs, key));
    let mut verbs = all.map(|(_, own)| own.split_whitespace().next().unwrap_or_default().to_lowercase());
    let first = verbs.next().unwrap_or_default();
    verbs.find(|verb| verb == "run").unwrap_or(first)
}

/// The commands of the task that is Docker's: "Run an image" is `docker run`, with volumes in lines.
fn docker(inputs: &Part, commands: &mut Vec<Part>) {
    let verb = asked(inputs, &["command", "action"]);
    let command = |of: &Part, options: &str| Part::text(&format!("docker {options}"), &of.pointer);
    for (own, text) in ["arguments", "additionalArguments"].iter().flat_map(|key| texts(inputs, key)) {
        commands.push(command(&own, &format!("{verb} {text}")));
    }
    for (own, text) in texts(inputs, "customCommand") {
        commands.push(command(&own, &text));
    }
    for (own, lines) in texts(inputs, "volumes").into_iter().filter(|_| verb == "run") {
        let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
        commands.extend(lines.map(|line| command(&own, &format!("run -v {line}"))));
    }
}

/// The command of the task that is kubectl's.
fn kubectl(inputs: &Part, commands: &mut Vec<Part>) {
    let verb = asked(inputs, &["command"]);
    let all = texts(inputs, "arguments").into_iter();
    commands.extend(all.map(|(own, text)| Part::text(&format!("kubectl {verb} {text}"), &own.pointer)));
}
