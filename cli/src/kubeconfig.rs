//! Where API servers are: the kubeconfig, found and put together as kubectl does it, or the cluster around.

mod proxy;

use std::env;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use kube::Config;
use kube::config::{Cluster, KubeConfigOptions, Kubeconfig, KubeconfigError};

use crate::faults::reason;

/// The variable that names files.
const VARIABLE: &str = "KUBECONFIG";

/// An API server, and how it is asked.
pub(crate) struct Found {
    /// The context of the kubeconfig that names it.
    pub(crate) context: Option<String>,
    /// Where it is, and by which proxy, in words that hold nothing secret.
    pub(crate) server: String,
    pub(crate) config: Config,
}

impl Found {
    fn new(context: Option<String>, config: Config) -> Self {
        let server = proxy::shown(&config.cluster_url);
        let server = match &config.proxy_url {
            None => server,
            Some(proxy) => format!("{server}` by the proxy `{}", proxy::shown(proxy)),
        };
        Self { context, server, config }
    }
}

/// The API server of the current context, or of the cluster in which this runs.
pub(crate) async fn current() -> Result<Found> {
    match read(None)?.filter(|own| own.current_context.is_some()) {
        Some(kubeconfig) => of_context(&kubeconfig, None).await,
        None => own(),
    }
}

/// The API server of the cluster in which this runs, which no proxy leads to.
pub(crate) fn own() -> Result<Found> {
    let config = Config::incluster();
    let config = config.map_err(|_| anyhow!("there is no kubeconfig, and podgate runs in no cluster"))?;
    Ok(Found::new(None, config))
}

/// The API server of a context, or of the current one.
pub(crate) async fn of_context(kubeconfig: &Kubeconfig, context: Option<&String>) -> Result<Found> {
    let Some(name) = context.or(kubeconfig.current_context.as_ref()) else {
        bail!("the kubeconfig has no current context; --context chooses one");
    };
    if !kubeconfig.contexts.iter().any(|own| own.name == *name) {
        let names: Vec<&str> = kubeconfig.contexts.iter().map(|own| own.name.as_str()).collect();
        bail!("unknown context `{name}`, expected one of `{}`", names.join("`, `"));
    }
    let options = KubeConfigOptions { context: Some(name.clone()), ..KubeConfigOptions::default() };
    let config = Config::from_custom_kubeconfig(kubeconfig.clone(), &options).await;
    let mut config = config
        .map_err(|error| anyhow!("context `{name}` of the kubeconfig cannot be used: {}", reason(&error)))?;
    // kube-rs takes the proxy of the environment whatever the scheme, and holds its exceptions against the proxy.
    let named = cluster_of(kubeconfig, name).and_then(|cluster| cluster.proxy_url.as_deref());
    let found = proxy::to(&config.cluster_url, named);
    config.proxy_url = found.with_context(|| format!("context `{name}`"))?;
    Ok(Found::new(Some(name.clone()), config))
}

/// The cluster of a context.
fn cluster_of<'k>(kubeconfig: &'k Kubeconfig, context: &str) -> Option<&'k Cluster> {
    let context = kubeconfig.contexts.iter().find(|own| own.name == context)?.context.as_ref()?;
    kubeconfig.clusters.iter().find(|own| own.name == context.cluster)?.cluster.as_ref()
}

/// The kubeconfig; `None` where no file is there and none was asked for.
pub(crate) fn read(file: Option<&Path>) -> Result<Option<Kubeconfig>> {
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
        Err(error) => bail!("{}: {}", context(file), said(&error)),
        Ok(own) => Ok(Some(own)),
    }
}

fn one(file: &Path) -> Result<Kubeconfig> {
    Kubeconfig::read_from(file).map_err(|error| anyhow!("{}: {}", context(file), said(&error)))
}

fn context(file: &Path) -> String {
    format!("cannot read `{}`", file.display())
}

/// kube-rs names the file again.
fn said(error: &KubeconfigError) -> String {
    match error {
        KubeconfigError::ReadConfig(error, _) => reason(error),
        error => reason(error),
    }
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
        let none = of_list(&[file("none"), file("other")]).unwrap_err().to_string();
        let (one, other) = (file("none").display().to_string(), file("other").display().to_string());
        assert_eq!(none, format!("`KUBECONFIG` names no file that is there: `{one}`, `{other}`"));
        let broken = of_list(&[file("a"), file("broken")]).unwrap_err().to_string();
        assert!(broken.contains("broken`: failed to parse kubeconfig YAML"), "{broken}");
        assert!(of_list(&[file("a"), folder.path().to_owned()]).is_err(), "a folder is there and no file");
    }
}
