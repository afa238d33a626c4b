//! `podgate explain`

use std::io::{self, Write};

use anyhow::{Result, bail};
use podgate::{Gate, Policy};

use crate::args::ExplainArgs;
use crate::exit::Status;
use crate::{rego, terminal};

/// How alike a name must be to be offered.
const ALIKE: f64 = 0.8;

pub(crate) fn run(args: &ExplainArgs) -> Result<Status> {
    let mut policies = podgate::policy::built_in()?.to_vec();
    if !args.policies.is_empty() {
        let gate = Gate::builder().policies(rego::read(&args.policies, rego::Tests::Without)?).build()?;
        let known: Vec<_> = policies.iter().map(|policy| policy.package.clone()).collect();
        policies.extend(gate.policies().iter().filter(|policy| !known.contains(&policy.package)).cloned());
    }
    // A name may belong to one policy of each set.
    let found: Vec<&Policy> = policies.iter().filter(|policy| policy.answers_to(&args.policy)).collect();
    if found.is_empty() {
        bail!("unknown policy `{}`{}", args.policy, nearest(&args.policy, &policies));
    }
    let color = terminal::options(&io::stdout()).color;
    let mut out = terminal::stdout();
    for (index, policy) in found.into_iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        explain(policy, color, &mut out)?;
    }
    out.flush()?;
    Ok(Status::Clean)
}

/// The ids and names most like `wanted`, best first.
fn nearest(wanted: &str, policies: &[Policy]) -> String {
    let wanted = wanted.to_lowercase();
    let names = policies.iter().flat_map(|policy| [&policy.id, &policy.name]);
    let mut alike: Vec<(f64, &str)> = names
        .map(|name| (strsim::jaro_winkler(&wanted, &name.to_lowercase()), name.as_str()))
        .filter(|(alike, _)| *alike >= ALIKE)
        .collect();
    alike.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let names: Vec<String> = alike.iter().take(3).map(|(_, name)| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => "; `podgate policies` lists them".to_owned(),
        names => format!("; did you mean {}?", names.join(" or ")),
    }
}

fn explain(policy: &Policy, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let title = format!("{} {}: {}", policy.id, policy.name, policy.title);
    writeln!(out, "{}\n", terminal::bold(&title, color))?;
    writeln!(out, "{}\n", policy.description)?;
    let facts = [
        ("severity", policy.severity.as_str().to_owned()),
        ("profiles", policy.profiles.join(", ")),
        ("since", policy.since.clone()),
        ("judges", policy.kinds.join(", ")),
        ("attack", policy.attack.clone()),
        ("help", policy.help.clone()),
        ("docs", policy.docs.clone()),
    ];
    for (name, text) in facts.iter().filter(|(_, text)| !text.is_empty()) {
        writeln!(out, "{}{:indent$}{text}", terminal::bold(name, color), "", indent = 10 - name.len())?;
    }
    if !policy.parameters.is_empty() {
        writeln!(out, "\n{}", terminal::bold("parameters", color))?;
        for (name, schema) in &policy.parameters {
            writeln!(out, "  {name}: {schema}")?;
        }
    }
    if let Some(page) = &policy.page {
        writeln!(out)?;
        plain(page, color, out)?;
    }
    if !policy.related_resources.is_empty() {
        writeln!(out, "\n{}", terminal::bold("read on", color))?;
    }
    for resource in &policy.related_resources {
        writeln!(out, "  {}: {}", resource.description, resource.address)?;
    }
    Ok(())
}

/// Markdown for a terminal: headings in bold, code indented, the rest as it is. The title is printed already.
fn plain(page: &str, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut code = false;
    let title = |line: &&str| line.starts_with("# ") || line.is_empty();
    for line in page.lines().skip_while(title) {
        if line.trim_start().starts_with("```") {
            code = !code;
        } else if code {
            writeln!(out, "    {line}")?;
        } else if let Some(heading) = line.strip_prefix('#') {
            writeln!(out, "{}", terminal::bold(heading.trim_start_matches('#').trim(), color))?;
        } else {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}
