//! Where API servers are: the kubeconfig, found and put together as kubectl does it, or the cluster around.

mod client;
mod proxy;

use std::env;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use kube::Config;
use kube::config::{InClusterError, Kubeconfig, KubeconfigError};

use crate::faults::reason;

/// The variable that names files.
const VARIABLE: &str = "KUBECONFIG";

/// An API server, and how it is asked.
pub(crate) struct Found {
    /// The context of the kubeconfig that names it.
    pub(crate) context: Option<String>,
    /// Where it is, and by which proxy, each in backticks, and nothing of it secret.
    pub(crate) server: String,
    pub(crate) config: Config,
}

impl Found {
    fn new(context: Option<String>, config: Config) -> Self {
        let shown = |url| format!("`{}`", proxy::shown(url));
        let mut server = shown(&config.cluster_url);
        if let Some(proxy) = &config.proxy_url {
            server = format!("{server} by the proxy {}", shown(proxy));
        }
        Self { context, server, config }
    }
}

/// The API server of the current context, or of the cluster in which this runs. Without a current context it is as if
/// there were no kubeconfig, unless one is asked for.
pub(crate) fn current(file: Option<&Path>) -> Result<Found> {
    match read(file)?.filter(|own| file.is_some() || own.current_context.is_some()) {
        Some(kubeconfig) => match &kubeconfig.current_context {
            Some(name) => of_context(&kubeconfig, name),
            None => bail!("the kubeconfig has no current context; --context chooses one"),
        },
        None => own(),
    }
}

/// The API servers of contexts.
pub(crate) fn of_contexts(file: Option<&Path>, contexts: &[&String]) -> Result<Vec<Found>> {
    let Some(kubeconfig) = read(file)? else {
        let names: Vec<&str> = contexts.iter().map(|name| name.as_str()).collect();
        bail!("there is no kubeconfig for the context `{}`", names.join("`, `"));
    };
    contexts.iter().map(|name| of_context(&kubeconfig, name)).collect()
}

/// The API server of the cluster in which this runs, which no proxy leads to.
fn own() -> Result<Found> {
    const NONE: &str = "no kubeconfig has a current context, and podgate";
    let config = Config::incluster().map_err(|error| match error {
        InClusterError::ReadEnvironmentVariable(_) => anyhow!("{NONE} runs in no cluster"),
        error => anyhow!("{NONE} cannot ask the cluster in which it runs: {}", reason(&error)),
    })?;
    Ok(Found::new(None, config))
}

fn of_context(kubeconfig: &Kubeconfig, name: &str) -> Result<Found> {
    let Some(own) = kubeconfig.contexts.iter().find(|own| own.name == name) else {
        let names: Vec<&str> = kubeconfig.contexts.iter().map(|own| own.name.as_str()).collect();
        bail!("unknown context `{name}`, expected one of `{}`", names.join("`, `"));
    };
    let config = client::of(kubeconfig, own.context.clone().unwrap_or_default());
    let config = config.with_context(|| format!("context `{name}` of the kubeconfig cannot be used"))?;
    Ok(Found::new(Some(name.to_owned()), config))
}

/// The kubeconfig; `None` where no file is there and none was asked for.
fn read(file: Option<&Path>) -> Result<Option<Kubeconfig>> {
    if let Some(file) = file {
        return one(file).map(Some);
    }
    let named = env::var_os(VARIABLE).unwrap_or_default();
    let named: Vec<PathBuf> = env::split_paths(&named).filter(|path| !path.as_os_str().is_empty()).collect();
    if !named.is_empty() {
        return of_list(&named).map(Some);
    }
    let Some(home) = env::home_dir() else { return Ok(None) };
    there(&home.join(".kube/config"))
}

/// Of several files the first that says something counts. Those that are not there are left out, so that one list of
/// names will do for many machines; what is there must be readable.
fn of_list(files: &[PathBuf]) -> Result<Kubeconfig> {
    let mut all: Option<Kubeconfig> = None;
    for file in files {
        let Some(own) = there(file)? else { continue };
        all = Some(match all {
            None => own,
            Some(all) => all.merge(own).with_context(|| context(file))?,
        });
    }
    let Some(all) = all else {
        let names: Vec<String> = files.iter().map(|file| format!("`{}`", file.display())).collect();
        bail!("`{VARIABLE}` names no file that is there: {}", names.join(", "));
    };
    Ok(all)
}

/// A file, if there is one.
fn there(file: &Path) -> Result<Option<Kubeconfig>> {
    match Kubeconfig::read_from(file) {
        Err(KubeconfigError::ReadConfig(error, _)) if error.kind() == ErrorKind::NotFound => Ok(None),
        read => used(file, read).map(Some),
    }
}

fn one(file: &Path) -> Result<Kubeconfig> {
    used(file, Kubeconfig::read_from(file))
}

/// What was read. An empty name of the current context is none, and leaves it to another file.
fn used(file: &Path, read: Result<Kubeconfig, KubeconfigError>) -> Result<Kubeconfig> {
    let mut own = read.map_err(|error| anyhow!("{}: {}", context(file), reason(&error)))?;
    own.current_context = own.current_context.filter(|name| !name.is_empty());
    Ok(own)
}

fn context(file: &Path) -> String {
    format!("cannot read `{}`", file.display())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn names(found: &Kubeconfig) -> Vec<&str> {
        found.contexts.iter().map(|own| own.name.as_str()).collect()
    }

    #[test]
    fn files_of_a_list_that_are_not_there_are_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name);
        let text = |name: &str| {
            format!("{{kind: Config, apiVersion: v1, current-context: {name}, contexts: [{{name: {name}}}]}}")
        };
        fs::write(file("a"), text("one")).unwrap();
        fs::write(file("b"), text("two")).unwrap();
        fs::write(file("broken"), "contexts: [").unwrap();
        let all = of_list(&[file("none"), file("b"), file("other"), file("a")]).unwrap();
        assert_eq!((names(&all), all.current_context.as_deref()), (vec!["two", "one"], Some("two")));
        fs::write(file("unset"), text("''")).unwrap();
        let all = of_list(&[file("unset"), file("a")]).unwrap();
        assert_eq!(all.current_context.as_deref(), Some("one"), "a later file fills what is empty");
        let none = of_list(&[file("none"), file("other")]).unwrap_err().to_string();
        let (one, other) = (file("none").display().to_string(), file("other").display().to_string());
        assert_eq!(none, format!("`KUBECONFIG` names no file that is there: `{one}`, `{other}`"));
        let broken = of_list(&[file("a"), file("broken")]).unwrap_err().to_string();
        let broken_file = file("broken").display().to_string();
        assert_eq!(broken, format!("cannot read `{broken_file}`: it is no kubeconfig (line 1, column 11)"));
        assert!(of_list(&[file("a"), folder.path().to_owned()]).is_err(), "a folder is there and no file");
    }
}
