//! The program `podgate`.

use std::process::ExitCode;

fn main() -> ExitCode {
    podgate_cli::run(std::env::args_os()).into()
}
