//! What Helm and Kustomize print, by the programs that the user has: a template is no manifest before it is filled in.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::{fs, io};

use super::{Input, Rules, Source, too_large};
use crate::args::CheckArgs;

/// Programs that print manifests, the first one that is there counts: its name, and its arguments before the path.
type Ways = [(&'static str, &'static [&'static str])];

const KUSTOMIZE: &Ways = &[("kustomize", &["build"]), ("kubectl", &["kustomize"])];

/// What a chart becomes with some files of values.
pub(crate) fn chart(chart: &Path, values: &[PathBuf], rules: &Rules) -> Input {
    let mut helm = Command::new("helm");
    helm.arg("template");
    for file in values {
        let mut option = OsString::from("--values=");
        option.push(file);
        helm.arg(option);
    }
    helm.args(["--", "podgate"]).arg(chart);
    let printed = run(helm).unwrap_or_else(|| Err("`helm` is not there: it is not in the PATH".to_owned()));
    input(format!("helm template {}", chart.display()), printed, rules)
}

/// Adds what charts became. Their templates are judged filled in, so that those found in folders are left out; what the
/// user named is not, nor is anything of a chart that was not filled in.
pub(crate) fn instead_of_templates(inputs: &mut Vec<Input>, args: &CheckArgs, charts: Vec<Input>) {
    let is_filled = |(chart, made): (&PathBuf, &Input)| match made.source {
        Source::Bytes(_) => fs::canonicalize(chart).ok(),
        _ => None,
    };
    let filled: Vec<PathBuf> = args.helm.iter().zip(&charts).filter_map(is_filled).collect();
    let is_filled_in =
        |path: &Path| filled.iter().filter_map(|chart| path.strip_prefix(chart).ok()).any(is_template);
    inputs.retain(|input| match &input.source {
        Source::File(path) if !filled.is_empty() && !args.paths.contains(path) => {
            !fs::canonicalize(path).is_ok_and(|path| is_filled_in(&path))
        }
        _ => true,
    });
    inputs.extend(charts);
}

/// Whether a file of a chart is a template of its own, or of a chart in it.
fn is_template(inside: &Path) -> bool {
    let mut rest = inside;
    while let Ok(chart) = rest.strip_prefix("charts") {
        let mut parts = chart.components();
        parts.next();
        rest = parts.as_path();
    }
    rest.starts_with("templates")
}

/// What a folder of Kustomize becomes.
pub(crate) fn kustomization(folder: &Path, rules: &Rules) -> Input {
    let printed = KUSTOMIZE.iter().find_map(|(program, arguments)| {
        let mut command = Command::new(program);
        command.args(*arguments).arg("--").arg(folder);
        run(command)
    });
    let printed =
        printed.unwrap_or_else(|| Err("neither `kustomize` nor `kubectl` is in the PATH".to_owned()));
    input(format!("kustomize build {}", folder.display()), printed, rules)
}

fn input(name: String, printed: Result<Vec<u8>, String>, rules: &Rules) -> Input {
    let source = match printed {
        Ok(bytes) if bytes.len() as u64 > rules.max_size => Source::Unreadable(too_large(rules)),
        Ok(bytes) => Source::Bytes(bytes.into()),
        Err(reason) => Source::Unreadable(reason),
    };
    Input { name, source }
}

/// What a program prints, or why it did not; nothing where there is no such program.
fn run(mut command: Command) -> Option<Result<Vec<u8>, String>> {
    match command.stdin(Stdio::null()).output() {
        Ok(Output { status, stdout, .. }) if status.success() => Some(Ok(stdout)),
        Ok(Output { status, stderr, .. }) => {
            let said = String::from_utf8_lossy(&stderr);
            let said: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            let program = command.get_program().to_string_lossy().into_owned();
            Some(Err(format!("`{program}` ended with {status}: {}", said.join("; "))))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => Some(Err(super::reason(&error))),
    }
}
