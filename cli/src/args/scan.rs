//! Arguments of `podgate scan`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{DayArgs, ReportArgs, RuleArgs};

/// Judge every pod of a cluster
///
/// The cluster is found as kubectl finds it, or is the one that podgate runs in. Pods of one Deployment, DaemonSet, Job
/// or other controller of which the same is to be said are told once, with their number. Pods are read page by page:
/// the memory that it takes grows with what is found, not with the pods.
#[derive(Debug, Args)]
pub(crate) struct ScanArgs {
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    #[command(flatten)]
    pub(crate) day: DayArgs,
    /// Kubeconfig, instead of $KUBECONFIG and ~/.kube/config
    #[arg(long, value_name = "FILE")]
    pub(crate) kubeconfig: Option<PathBuf>,
    /// Context of the kubeconfig, instead of the current one; may be given several times, for several clusters
    #[arg(long, value_name = "NAME")]
    pub(crate) context: Vec<String>,
    /// Name of the cluster in the report, instead of the context's
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub(crate) cluster_name: Option<String>,
    /// Namespace whose pods are judged, instead of all; may be given several times
    #[arg(long, short, value_name = "NAME")]
    pub(crate) namespace: Vec<String>,
    /// Labels of the pods that are judged, as kubectl takes them
    #[arg(long, short = 'l', value_name = "SELECTOR")]
    pub(crate) selector: Option<String>,
    /// Pods that are read at one time
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) page_size: u32,
    /// Go on, and print what is new when pods change, until SIGINT or SIGTERM
    ///
    /// With --format json, each line is a report: the first over everything, each other over what is new.
    #[arg(long, conflicts_with_all = ["output", "policy_reports"])]
    pub(crate) watch: bool,
    /// Write what is found into the cluster, too: a PolicyReport for each owner of pods
    #[arg(long, value_enum, value_name = "API", num_args = 0..=1, require_equals = true,
        default_missing_value = "wgpolicyk8s.io", conflicts_with = "selector")]
    pub(crate) policy_reports: Option<ReportApi>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportApi {
    /// PolicyReport of the Policy Working Group, v1alpha2
    #[value(name = "wgpolicyk8s.io")]
    WgPolicy,
    /// Report of OpenReports, v1alpha1
    #[value(name = "openreports.io")]
    OpenReports,
}

/// A name that can be told from others where it is printed.
fn name(text: &str) -> Result<String, String> {
    let is_name = !text.trim().is_empty() && !text.contains(char::is_control);
    is_name.then(|| text.to_owned()).ok_or_else(|| "expected a name".to_owned())
}
