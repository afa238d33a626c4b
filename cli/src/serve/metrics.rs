//! What is counted, in the names and units of Prometheus.

use std::time::Duration;

use podgate::admission::Gates;
use podgate::{Context, Report};
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

/// Upper bounds in seconds: from what a small pod takes to what a webhook may take at most.
const BUCKETS: [f64; 14] =
    [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Asked {
    endpoint: &'static str,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Endpoint {
    endpoint: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct OfPolicy {
    policy: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Reloaded {
    what: &'static str,
    result: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct What {
    what: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Because {
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Kind {
    object: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Answered {
    answer: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct PolicySet {
    digest: String,
    profiles: String,
}

/// Everything that is counted. Registered once, shared by all.
#[derive(Debug)]
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<Asked, Counter>,
    duration: Family<Endpoint, Histogram, fn() -> Histogram>,
    keys: Family<Answered, Counter>,
    failures: Family<OfPolicy, Counter>,
    policies: Family<PolicySet, Gauge>,
    reloads: Family<Reloaded, Counter>,
    refused: Family<What, Gauge>,
    /// When the certificate expires, in seconds since 1970.
    pub(super) certificate_expires: Gauge,
    /// Connections that are open.
    pub(super) connections: Gauge,
    closed: Family<Because, Counter>,
    cluster_failures: Family<What, Counter>,
    cluster_failing: Family<What, Gauge>,
    writes: Family<Kind, Counter>,
    lookups: Family<Answered, Counter>,
}

fn histogram() -> Histogram {
    Histogram::new(BUCKETS)
}

impl Metrics {
    pub(super) fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("podgate"),
            requests: Family::default(),
            duration: Family::new_with_constructor(histogram),
            keys: Family::default(),
            failures: Family::default(),
            policies: Family::default(),
            reloads: Family::default(),
            refused: Family::default(),
            certificate_expires: Gauge::default(),
            connections: Gauge::default(),
            closed: Family::default(),
            cluster_failures: Family::default(),
            cluster_failing: Family::default(),
            writes: Family::default(),
            lookups: Family::default(),
        };
        metrics.register();
        metrics
    }

    fn register(&mut self) {
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        let registry = &mut self.registry;
        registry.register("build", "Version of podgate", build);
        registry.register("requests", "Answered requests", self.requests.clone());
        let help = "Time from a request's head to its answer";
        registry.register_with_unit("request_duration", help, Unit::Seconds, self.duration.clone());
        let help = "Keys of external data with a value and with an error";
        registry.register("external_data_keys", help, self.keys.clone());
        registry.register("policy_failures", "Policies that failed over an object", self.failures.clone());
        registry.register("policies", "The policies and settings that judge", self.policies.clone());
        let help = "Changed files that were read";
        registry.register("reloads", help, self.reloads.clone());
        let help = "Whether the newest files were refused, so that what was read before stays";
        registry.register("reload_refused", help, self.refused.clone());
        let help = "When the certificate expires, since 1970";
        let expires = self.certificate_expires.clone();
        registry.register_with_unit("certificate_expiry_timestamp", help, Unit::Seconds, expires);
        registry.register("connections", "Open connections", self.connections.clone());
        registry.register("connections_closed", "Connections that the server closed", self.closed.clone());
        let help = "Failures to ask the API server for what podgate itself needs";
        registry.register("cluster_failures", help, self.cluster_failures.clone());
        let help = "Whether the API server could not be asked the last time";
        registry.register("cluster_failing", help, self.cluster_failing.clone());
        registry.register("cluster_writes", "Objects written to the API server", self.writes.clone());
        let help = "Labels of namespaces: known by the watch, asked for, or unknown";
        registry.register("namespace_lookups", help, self.lookups.clone());
    }

    /// Everything in the text format of OpenMetrics.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        // Writing to a string cannot fail.
        text::encode(&mut out, &self.registry).unwrap_or_default();
        out
    }

    pub(super) fn request(&self, endpoint: &'static str, outcome: &'static str, took: Duration) {
        self.requests.get_or_create(&Asked { endpoint, outcome }).inc();
        self.duration.get_or_create(&Endpoint { endpoint }).observe(took.as_secs_f64());
    }

    pub(super) fn failures(&self, report: &Report) {
        for failed in &report.failed_policies {
            self.failures.get_or_create(&OfPolicy { policy: failed.policy.clone() }).inc();
        }
    }

    pub(super) fn key(&self, answer: &'static str) {
        self.keys.get_or_create(&Answered { answer }).inc();
    }

    pub(super) fn reload(&self, what: &'static str, is_used: bool) {
        let result = if is_used { "success" } else { "failure" };
        self.reloads.get_or_create(&Reloaded { what, result }).inc();
        self.refused.get_or_create(&What { what }).set(i64::from(!is_used));
    }

    pub(super) fn gates(&self, gates: &Gates) {
        let set = gates.own().start(&Context::default()).policies;
        self.policies.clear();
        let labels = PolicySet { digest: set.digest, profiles: set.profiles.join(",") };
        self.policies.get_or_create(&labels).set(1);
    }

    /// Notes whether the API server could be asked.
    pub(super) fn cluster(&self, what: &'static str, has_failed: bool) {
        if has_failed {
            self.cluster_failures.get_or_create(&What { what }).inc();
        }
        self.cluster_failing.get_or_create(&What { what }).set(i64::from(has_failed));
    }

    pub(super) fn wrote(&self, object: &'static str) {
        self.writes.get_or_create(&Kind { object }).inc();
    }

    pub(super) fn lookup(&self, answer: &'static str) {
        self.lookups.get_or_create(&Answered { answer }).inc();
    }

    pub(super) fn closed(&self, reason: &'static str) {
        self.closed.get_or_create(&Because { reason }).inc();
    }
}
