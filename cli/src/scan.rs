//! `podgate scan`

mod api;
mod connect;
mod connection;
mod known;
mod labels;
mod notes;
mod object;
mod owners;
mod scope;
mod watch;
mod write;

use std::sync::Arc;

use anyhow::{Context as _, Result, bail, ensure};
use clap::ArgMatches;
use podgate::render::policy_report::Api as Kind;
use podgate::report::Cause;
use podgate::{Policy, RegoFile, Report};

use self::api::Failure;
use self::connect::Cluster;
use self::scope::{Rules, Scope};
use self::watch::Out;
use crate::args::{Format, ScanArgs};
use crate::check::plan::{self, SettingsFile};
use crate::exit::Status;
use crate::names::is_label;
use crate::output::{self, Target};
use crate::rego;
use crate::report::{self, Printer};
use crate::signals::Signals;

pub(crate) fn run(args: ScanArgs, matches: Option<&ArgMatches>) -> Result<Status> {
    let targets = output::targets(&args.report, matches)?;
    for name in &args.namespace {
        ensure!(is_label(name), "`{name}` is no name of a namespace");
    }
    let readable = |target: &Target| matches!(target.format, Format::Text | Format::Json);
    ensure!(!args.watch || targets.iter().all(readable), "--watch goes with --format text or json");
    let settings = SettingsFile::read(args.rules.settings.as_deref())?;
    let rego = rego::read(&args.rules.policies, rego::Tests::Without)?;
    let gates = plan::gates(&args.rules, settings.as_ref(), rego.clone())?;
    let date = args.day.get();
    let rules = Rules { gates, date, selector: args.selector.clone() };
    let settings = settings.map(|settings| settings.name);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.context("the scan cannot be started")?;
    let run = Run { args: &args, rules: &rules, targets, rego, settings };
    let status = runtime.block_on(run.all());
    runtime.shutdown_background();
    status
}

struct Run<'a> {
    args: &'a ScanArgs,
    rules: &'a Rules,
    targets: Vec<Target>,
    rego: Vec<RegoFile>,
    settings: Option<String>,
}

impl Run<'_> {
    async fn all(self) -> Result<Status> {
        let clusters = connect::clusters(self.args)?;
        let policies = self.policies();
        let text = |name: &str| {
            let file = self.rego.iter().find(|file| file.path == name)?;
            Some(Arc::from(file.text.as_str()))
        };
        let printer = Printer {
            policies: &policies,
            sources: &text,
            show: self.args.report.show,
            settings: self.settings.as_deref(),
        };
        if self.args.watch {
            self.watch(&clusters, &printer).await
        } else {
            self.once(&clusters, &printer).await
        }
    }

    /// The policies of all gates, each once.
    fn policies(&self) -> Vec<Policy> {
        let mut policies: Vec<Policy> = Vec::new();
        for policy in self.rules.gates.all().flat_map(podgate::Gate::policies) {
            if !policies.iter().any(|own| own.id == policy.id) {
                policies.push(policy.clone());
            }
        }
        policies
    }

    fn scopes<'c>(&'c self, cluster: &'c Cluster) -> Vec<Scope<'c>> {
        let scope = |namespace| Scope::new(cluster, self.rules, namespace);
        if self.args.namespace.is_empty() {
            return vec![scope(None)];
        }
        let mut names: Vec<&str> = self.args.namespace.iter().map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().map(|name| scope(Some(name))).collect()
    }

    async fn once(&self, clusters: &[Cluster], printer: &Printer<'_>) -> Result<Status> {
        let kind = self.args.policy_reports.map(Kind::from);
        for cluster in clusters {
            self.refuse_without_api(cluster, kind).await?;
        }
        let mut all = self.rules.start();
        let mut status = Status::Clean;
        for cluster in clusters {
            let mut own = self.rules.start();
            let (mut is_whole, mut silence) = (true, None);
            for mut scope in self.scopes(cluster) {
                self.read(&mut scope, &mut silence).await?;
                is_whole &= scope.is_whole();
                extend(&mut own, scope.report());
            }
            if let Some(kind) = kind {
                status = status.max(self.write(cluster, &own, kind, is_whole).await);
            }
            report::extend(&mut all, own);
        }
        printer.print_all(&all, &self.targets)?;
        Ok(status.max(report::status(&all, &self.args.report)))
    }

    /// Reads a scope. What a selector may say is known to the API server, which refuses one that is none.
    async fn read(&self, scope: &mut Scope<'_>, silence: &mut Option<Failure>) -> Result<()> {
        scope.read_unless(silence).await;
        let refused = scope.failure.as_ref().filter(|failure| failure.is_of_question());
        if let (Some(selector), Some(failure)) = (&self.args.selector, refused) {
            bail!("--selector `{selector}`: {}", failure.reason);
        }
        Ok(())
    }

    /// A cluster without the API is told before anything is judged.
    async fn refuse_without_api(&self, cluster: &Cluster, kind: Option<Kind>) -> Result<()> {
        let Some(kind) = kind else { return Ok(()) };
        // One that cannot be reached is told in the report.
        if matches!(write::is_there(&cluster.api, kind).await, Ok(false)) {
            let (name, version) = (&cluster.name, kind.version());
            bail!(
                "`{name}` has no `{}` of `{version}`: install its CustomResourceDefinitions",
                kind.resource(true).0
            );
        }
        Ok(())
    }

    async fn write(&self, cluster: &Cluster, report: &Report, kind: Kind, is_whole: bool) -> Status {
        if !is_whole {
            cluster.notes.say("no PolicyReport is written, since not everything could be read");
            return Status::Input;
        }
        match write::write(&cluster.api, report, kind, &self.args.namespace).await {
            Ok(()) => Status::Clean,
            Err(failure) => {
                cluster.notes.say(&format!("PolicyReports are not as they should be: {}", failure.reason));
                Status::Input
            }
        }
    }

    async fn watch(&self, clusters: &[Cluster], printer: &Printer<'_>) -> Result<Status> {
        let format = self.targets.first().map_or(Format::Text, |target| target.format);
        let out = Out::new(printer, format);
        let mut scopes: Vec<Scope<'_>> = Vec::new();
        for cluster in clusters {
            let mut silence = None;
            for mut scope in self.scopes(cluster).into_iter().map(Scope::remembering) {
                self.read(&mut scope, &mut silence).await?;
                scopes.push(scope);
            }
        }
        let mut all = self.rules.start();
        scopes.iter_mut().for_each(|scope| extend(&mut all, scope.report()));
        let printed = out.print(&all);
        let is_heard = printed.is_ok();
        printed.map_err(Into::into).or_else(report::unless_broken_pipe)?;
        // Where nothing at all can be read it is the arguments that are to be mended, rather than a cluster.
        if !is_heard || scopes.iter().all(|scope| scope.failure.is_some()) {
            return Ok(report::status(&all, &self.args.report));
        }
        drop(all);
        // Until here a signal ends the program as it ends any other: there is nothing to say yet.
        let mut signals = Signals::new()?;
        watch::follow(&mut scopes, &out, &mut signals).await?;
        let mut last = self.rules.start();
        scopes.iter_mut().for_each(|scope| extend(&mut last, scope.report()));
        Ok(report::status(&last, &self.args.report))
    }
}

/// Appends the report of a scope. What of a cluster cannot be read in all of them is told once.
fn extend(report: &mut Report, mut scope: Report) {
    scope
        .not_evaluated
        .retain(|entry| entry.cause != Cause::Unreadable || !report.not_evaluated.contains(entry));
    report::extend(report, scope);
}
