//! `podgate policies`

use std::io::{self, Write};

use anyhow::Result;
use podgate::Policy;

use crate::args::{ListFormat, PoliciesArgs};
use crate::exit::Status;
use crate::terminal;

pub(crate) fn run(args: &PoliciesArgs) -> Result<Status> {
    let policies = podgate::policy::built_in()?;
    let mut out = terminal::stdout();
    match args.format {
        ListFormat::Text => text(policies, &mut out)?,
        ListFormat::Json => {
            serde_json::to_writer_pretty(&mut out, policies).map_err(io::Error::from)?;
            writeln!(out)?;
        }
        ListFormat::Markdown => markdown(policies, &mut out)?,
    }
    out.flush()?;
    Ok(Status::Clean)
}

fn text(policies: &[Policy], out: &mut dyn Write) -> io::Result<()> {
    let widest = |width: fn(&Policy) -> usize| policies.iter().map(width).max().unwrap_or_default();
    let (ids, names) = (widest(|policy| policy.id.len()), widest(|policy| policy.name.len()));
    for policy in policies {
        let severity = policy.severity.as_str();
        writeln!(out, "{:ids$}  {severity:8}  {:names$}  {}", policy.id, policy.name, policy.title)?;
    }
    writeln!(out, "\n{} policies; `podgate explain <policy>` tells more", policies.len())
}

/// The index in `docs/`, beside `policies/`.
fn markdown(policies: &[Policy], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# Policies\n\nMade by `podgate policies --format markdown`.\n")?;
    writeln!(out, "| id | name | severity | profiles | finds |\n|---|---|---|---|---|")?;
    for policy in policies {
        let page = policy.path.strip_suffix(".rego").unwrap_or(&policy.path);
        writeln!(
            out,
            "| [{}](../policies/{page}.md) | `{}` | {} | {} | {} |",
            policy.id,
            policy.name,
            policy.severity.as_str(),
            policy.profiles.join(", "),
            policy.description.replace('|', "\\|"),
        )?;
    }
    Ok(())
}
