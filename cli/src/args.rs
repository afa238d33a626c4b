//! What the user typed.

mod managed;
mod scan;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use podgate::document;
use podgate::policy::Severity;

pub(crate) use self::managed::{ManagedArgs, Namespaced};
pub(crate) use self::scan::{ReportApi, ScanArgs};

/// Stops CI pods from taking over their node: judges Kubernetes manifests by policies in Rego
#[derive(Debug, Parser)]
#[command(name = "podgate", bin_name = "podgate", version, propagate_version = true, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 clean, 1 findings at or above --fail-on or failing tests, 2 a mistake in \
    arguments, settings or policies, 3 input that could not be read or evaluated. The highest that applies is given."
)]
pub(crate) struct Cli {
    /// When to use colour; `NO_COLOR` and `CLICOLOR_FORCE` count for auto
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) color: Color,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Check(Box<CheckArgs>),
    Scan(Box<ScanArgs>),
    Merge(MergeArgs),
    Explain(ExplainArgs),
    Export(Box<ExportArgs>),
    Policies(PoliciesArgs),
    Test(TestArgs),
    Import(ImportArgs),
    Serve(Box<ServeArgs>),
    Schema(SchemaArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

impl Color {
    /// Makes it count for everything that is printed from now on.
    pub(crate) fn apply(self) {
        let choice = match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
    }
}

/// Judge files, folders or standard input
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Files, folders, globs, or `-` for standard input
    ///
    /// In folders, *.yaml, *.yml, *.json, Jenkinsfile* and *Jenkinsfile, *.jenkins, *.groovy, config.toml,
    /// other TOML of runners and config.xml are read, hidden ones too, except what .gitignore, .ignore and
    /// .podgateignore name. A file that is named itself is read whatever its name.
    #[arg(required_unless_present_any = ["helm", "kustomize"], value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Chart to judge as `helm template` prints it; may be given several times
    ///
    /// Its templates are then left out of the folders among PATH, since they are judged filled in.
    #[arg(long, value_name = "CHART")]
    pub(crate) helm: Vec<PathBuf>,
    /// File of values for the charts of --helm; may be given several times
    #[arg(long, value_name = "FILE", requires = "helm")]
    pub(crate) values: Vec<PathBuf>,
    /// Folder to judge as `kustomize build` or `kubectl kustomize` prints it; may be given several times
    #[arg(long, value_name = "DIR")]
    pub(crate) kustomize: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
    /// What the inputs are written in; else their content and their names tell
    #[arg(long = "as", value_enum, value_name = "FORMAT")]
    pub(crate) written_in: Option<InputFormat>,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    #[command(flatten)]
    pub(crate) day: DayArgs,
    /// Read files that ignore files name, too
    #[arg(long)]
    pub(crate) no_ignore: bool,
    /// Largest input that is read, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=4095))]
    pub(crate) max_size: u32,
}

/// The day of a verdict.
#[derive(Debug, Args)]
pub(crate) struct DayArgs {
    /// The day by which exemptions expire; today (UTC) where it is not given
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) date: Option<jiff::civil::Date>,
}

impl DayArgs {
    /// The day that was given, or the one that it is.
    pub(crate) fn get(&self) -> jiff::civil::Date {
        self.date.unwrap_or_else(today)
    }
}

/// The day in UTC.
pub(crate) fn today() -> jiff::civil::Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

/// What becomes of the report.
#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// How to print the report; may be given several times
    ///
    /// Each --output takes the format before it on the command line, or, where none is free, the next one. One
    /// format without --output goes to standard output.
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Vec<Format>,
    /// File for the report in the format given before it, replaced as a whole, or `-` for standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Vec<PathBuf>,
    /// Least severity of a finding that makes the exit code 1
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::High)]
    pub(crate) fail_on: FailOn,
    /// Least severity of a finding that the text shows in full; those below are counted in one line a subject. With
    /// low and info, the text also says where the values stand that are not known
    #[arg(long, value_name = "SEVERITY", value_parser = severities(), default_value = "medium")]
    pub(crate) show: Severity,
    /// Count everything that was not evaluated or is not known as an error, also what is no Kubernetes object
    #[arg(long)]
    pub(crate) strict: bool,
}

/// Which policies judge, and how.
#[derive(Debug, Args)]
pub(crate) struct RuleArgs {
    /// Set of policies, instead of those of the settings (without either: ci); may be given several times
    ///
    /// `podgate policies` names them. Those of the Pod Security Standards may say a version:
    /// pss-restricted:v1.30, pss-baseline:latest.
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Vec<String>,
    /// Settings; podgate.yaml of the working directory where it is not given
    #[arg(long, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,
    /// Folder with policies of your own (*.rego, without *_test.rego); may be given several times
    #[arg(long, value_name = "DIR")]
    pub(crate) policies: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum InputFormat {
    /// YAML or JSON
    Yaml,
    /// TOML, as GitLab Runner's config.toml
    Toml,
    /// Groovy, as Jenkins runs it
    Jenkinsfile,
    /// XML, as Jenkins keeps its settings
    Xml,
}

impl InputFormat {
    pub(crate) const fn format(self) -> document::Format {
        match self {
            Self::Yaml => document::Format::Yaml,
            Self::Toml => document::Format::Toml,
            Self::Jenkinsfile => document::Format::Groovy,
            Self::Xml => document::Format::Xml,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Excerpts with carets, for people
    Text,
    /// The report itself
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// Code Quality of GitLab
    Gitlab,
    /// JUnit XML
    Junit,
    /// PolicyReport objects (wgpolicyk8s.io), as a list for kubectl
    PolicyReport,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum FailOn {
    Critical,
    High,
    Medium,
    Low,
    Info,
    Never,
}

fn severities() -> impl TypedValueParser<Value = Severity> {
    let names = PossibleValuesParser::new(Severity::ALL.map(Severity::as_str));
    names.try_map(|name| Severity::named(&name).ok_or("unknown severity"))
}

impl FailOn {
    /// The threshold, if there is one.
    pub(crate) const fn severity(self) -> Option<Severity> {
        match self {
            Self::Critical => Some(Severity::Critical),
            Self::High => Some(Severity::High),
            Self::Medium => Some(Severity::Medium),
            Self::Low => Some(Severity::Low),
            Self::Info => Some(Severity::Info),
            Self::Never => None,
        }
    }
}

/// Make one report of several in JSON
///
/// They must come of the same policies and settings, such as those of several clusters. Any format will do, so one
/// report can be printed in another format, too.
#[derive(Debug, Args)]
pub(crate) struct MergeArgs {
    /// Files with reports, in the order in which they are to stand, or `-` for standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
}

/// Tell what a policy finds, why, and what to do instead
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Id or name, such as CI101 or runtime-socket
    pub(crate) policy: String,
    /// Folder with policies of your own; may be given several times
    #[arg(long, value_name = "DIR")]
    pub(crate) policies: Vec<PathBuf>,
}

/// Write the selected policies for OPA, Conftest or Gatekeeper
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// What they are to run in
    #[arg(value_enum, value_name = "FORM")]
    pub(crate) form: ExportForm,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
    /// Folder for the export: a new or empty one, or one that an export was written to before
    #[arg(long, value_name = "DIR", required = true)]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) day: DayArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ExportForm {
    /// A bundle of OPA with one entry point, data.podgate.main.violations
    OpaBundle,
    /// Folders for conftest test --policy and --data
    Conftest,
    /// ConstraintTemplates, Constraints and what they need
    Gatekeeper,
}

/// List the built-in policies
#[derive(Debug, Args)]
pub(crate) struct PoliciesArgs {
    /// How to print the list
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) format: ListFormat,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum ListFormat {
    #[default]
    Text,
    Json,
    Markdown,
}

/// Run the tests of policies: the rules test_… of *_test.rego
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Folders or files with policies and their tests; the built-in ones where none is given
    #[arg(value_name = "DIR")]
    pub(crate) paths: Vec<PathBuf>,
    /// Show which lines of the policies were reached
    #[arg(long)]
    pub(crate) coverage: bool,
    /// How to print the result
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) format: TestFormat,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum TestFormat {
    #[default]
    Text,
    Json,
}

/// Make settings from what another gate was told
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    #[command(subcommand)]
    pub(crate) from: ImportFrom,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ImportFrom {
    Psp(ImportPspArgs),
}

/// Make settings that judge as a PodSecurityPolicy did
///
/// The settings say in comments what PodSecurityPolicy set in pods and nothing sets now; standard error tells it, too.
#[derive(Debug, Args)]
pub(crate) struct ImportPspArgs {
    /// Manifest with the PodSecurityPolicy, as YAML or JSON, or `-` for standard input; it may hold other objects
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Name of the PodSecurityPolicy, where the manifest holds several
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// File for the settings, replaced as a whole; standard output where it is `-` or not given
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// Answer a cluster: admission webhook and Gatekeeper provider
///
/// POST /validate takes AdmissionReview (admission.k8s.io/v1), POST /external-data takes ProviderRequest
/// (externaldata.gatekeeper.sh/v1beta1). Certificates, settings and policies are read again when they change; a new
/// set that cannot be used is refused, and the old one stays. SIGTERM ends the program once all is answered.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("certificate").required(true)))]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
    /// Address and port for the cluster's requests
    #[arg(long, value_name = "ADDR", default_value = "0.0.0.0:8443")]
    pub(crate) listen: SocketAddr,
    /// Address and port for /metrics, /healthz and /readyz, without TLS
    #[arg(long, value_name = "ADDR", default_value = "0.0.0.0:8080")]
    pub(crate) metrics_listen: SocketAddr,
    /// Certificate of the server, with the chain to its authority, as PEM
    #[arg(long, value_name = "FILE", group = "certificate", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Key of the certificate, as PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Authorities of clients' certificates, as PEM; /external-data then asks for one
    #[arg(long, value_name = "FILE", group = "clients", requires = "certificate")]
    pub(crate) client_ca: Option<PathBuf>,
    /// Ask for a client's certificate on /validate, too
    #[arg(long, requires = "clients")]
    pub(crate) require_client_cert: bool,
    /// No TLS: for tests, and behind a proxy that has it
    #[arg(long, group = "certificate", conflicts_with_all = ["tls_key", "clients"])]
    pub(crate) plain_http: bool,
    #[command(flatten)]
    pub(crate) managed: ManagedArgs,
    /// Most requests that are judged at one time; more wait for a moment and are then refused
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=512))]
    pub(crate) max_requests: u16,
    /// Most connections; more take the place of those that are idle for longest
    #[arg(long, value_name = "N", default_value_t = 2048, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) max_connections: u16,
    /// Seconds between two looks at the files
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) reload_interval: u16,
    /// Seconds after SIGTERM in which new connections are still taken, until nobody sends any
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    pub(crate) shutdown_delay: u16,
    /// How the log is written to standard error
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) log_format: LogFormat,
    /// Least level that is logged; every request is logged at info
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t)]
    pub(crate) log_level: LogLevel,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum LogFormat {
    #[default]
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum LogLevel {
    Error,
    Warn,
    #[default]
    Info,
    Debug,
}

/// Print the JSON Schema of a file that podgate reads or writes
#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// podgate.yaml, the report in JSON, or what other hosts exchange
    #[arg(value_enum)]
    pub(crate) of: SchemaOf,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum SchemaOf {
    Settings,
    Report,
    /// The calls of hosts that speak JSON, such as the npm package
    Host,
}

/// Print completions for a shell
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// Print the manual page
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The command whose page it is; podgate itself where none is given
    pub(crate) command: Option<String>,
}
