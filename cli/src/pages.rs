//! `podgate completions` and `podgate man`: what is made from the arguments themselves

use std::io::Write;

use anyhow::{Result, anyhow};
use clap_mangen::Man;

use crate::args::{CompletionsArgs, ManArgs};
use crate::exit::Status;
use crate::terminal;

pub(crate) fn completions(args: &CompletionsArgs) -> Result<Status> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut crate::command(), "podgate", &mut script);
    print(&script)
}

pub(crate) fn man(args: &ManArgs) -> Result<Status> {
    let mut command = crate::command();
    command.build();
    if let Some(name) = &args.command {
        let found = command.find_subcommand(name).cloned();
        command = found.ok_or_else(|| anyhow!("there is no command `{name}`"))?;
    }
    let mut page = Vec::new();
    Man::new(command).render(&mut page)?;
    print(&page)
}

fn print(bytes: &[u8]) -> Result<Status> {
    let mut out = terminal::stdout();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(Status::Clean)
}
