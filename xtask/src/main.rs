//! The developers' commands: `cargo xtask <task>`. Each task is a few lines over an existing tool.
#![expect(clippy::print_stdout, reason = "a task's results go to standard output")]
#![expect(clippy::print_stderr, reason = "a task tells on standard error what it does")]

mod chart;
mod check;
mod cluster;
mod demo;
mod generate;
mod image;
mod measure;
mod new_policy;
mod package;
mod paths;
mod run;
mod setup;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "The developers' commands of podgate")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what this machine lacks for `check` and `test`
    Setup,
    /// Check format, lints, dependencies, the WebAssembly build and the generated files
    Check,
    /// Run `check` and then every test of the workspace
    Test,
    /// Write the files that are made from code
    Generate {
        /// Write nothing; fail and name the files that are stale
        #[arg(long)]
        check: bool,
    },
    /// Start a policy from a template that passes its own tests
    NewPolicy(new_policy::Args),
    /// Build the npm package in `wasm/npm` and print its size
    Wasm,
    /// Build the playground and serve it
    Demo,
    /// Start or end a real API server with a real Gatekeeper
    #[command(subcommand)]
    Cluster(cluster::Task),
    /// Build the image of the chart's pods into `target/image/podgate.tar`, without a daemon
    Image,
    /// Run the benchmarks
    Bench {
        /// Run only the benchmarks whose name contains this
        filter: Option<String>,
    },
    /// Measure how long the server takes to answer, under load and under abuse
    Load,
    /// Ask the server for a long time while all that it reads changes, and watch its memory and its files
    Soak {
        /// Stop after this long
        #[arg(long, default_value_t = 30)]
        minutes: u32,
    },
    /// Fuzz one target, starting from the fixtures
    Fuzz {
        /// A file name in `fuzz/fuzz_targets`, without `.rs`
        target: String,
        /// Stop after this long
        #[arg(long, default_value_t = 60)]
        seconds: u64,
    },
    /// Print how much of each file the tests cover
    Coverage,
}

fn main() -> ExitCode {
    let done = match Cli::parse().task {
        Task::Setup => setup::all(),
        Task::Check => check::check(),
        Task::Test => check::test(),
        Task::Generate { check: false } => generate::write(),
        Task::Generate { check: true } => generate::compare(),
        Task::NewPolicy(args) => new_policy::create(&args),
        Task::Wasm => package::build(),
        Task::Demo => demo::serve(),
        Task::Cluster(task) => cluster::task(&task),
        Task::Image => image::build(image::Profile::Release),
        Task::Bench { filter } => measure::bench(filter.as_deref()),
        Task::Load => measure::load(),
        Task::Soak { minutes } => measure::soak(minutes),
        Task::Fuzz { target, seconds } => measure::fuzz(&target, seconds),
        Task::Coverage => measure::coverage(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            run::exit_code(&error)
        }
    }
}
