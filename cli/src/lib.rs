//! The command line of podgate: arguments in, reports out, and an exit code that says how it ended.
//!
//! One module a subcommand. Nothing here decides what is wrong with a pod: that is the `podgate` crate's job.

mod args;
mod check;
mod exit;
mod explain;
mod export;
mod faults;
mod import;
mod input;
mod kubeconfig;
mod merge;
mod names;
mod output;
mod pages;
mod policies;
mod rego;
mod report;
mod scan;
mod schema;
mod serve;
mod signals;
mod terminal;
mod test;

use std::ffi::OsString;
use std::io::{self, Write};

use clap::{CommandFactory, FromArgMatches};

use crate::args::{Cli, Command};
pub use crate::exit::Status;

/// Runs the program with `args`, the first of which is its own name.
pub fn run(args: impl IntoIterator<Item = OsString>) -> Status {
    let parsed = Cli::command()
        .try_get_matches_from(args)
        .and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, matches)));
    let (cli, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            // Help and version are no mistakes; where they cannot be printed there is nothing left to say.
            let _ = error.print();
            return if error.use_stderr() { Status::Usage } else { Status::Clean };
        }
    };
    cli.color.apply();
    // Who stops reading a verdict changes nothing of it.
    let is_verdict =
        matches!(cli.command, Command::Check(_) | Command::Scan(_) | Command::Merge(_) | Command::Test(_));
    let result = match cli.command {
        Command::Check(args) => check::run(args, matches.subcommand_matches("check")),
        Command::Scan(args) => scan::run(*args, matches.subcommand_matches("scan")),
        Command::Merge(args) => merge::run(&args, matches.subcommand_matches("merge")),
        Command::Explain(args) => explain::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Policies(args) => policies::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Serve(args) => serve::run(*args),
        Command::Schema(args) => schema::run(&args),
        Command::Completions(args) => pages::completions(&args),
        Command::Man(args) => pages::man(&args),
    };
    result.unwrap_or_else(|error| {
        if !is_verdict && exit::is_broken_pipe(&error) {
            return Status::Clean;
        }
        let _ = writeln!(io::stderr().lock(), "{}", exit::render(&error));
        Status::Usage
    })
}

/// The command as clap knows it, for documents made from it.
fn command() -> clap::Command {
    Cli::command()
}
