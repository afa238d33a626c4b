//! The log, on standard error. Nothing of an object is logged but its name: values may be secrets.

use std::io::{self, IsTerminal};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::args::{LogFormat, LogLevel};

/// Logs from here on in this format.
pub(super) fn start(format: LogFormat, level: LogLevel) -> anyhow::Result<()> {
    let level = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    };
    let log = tracing_subscriber::fmt().with_max_level(level).with_target(false).with_writer(io::stderr);
    // Libraries would log whole objects that they cannot read, Secrets among them.
    let own = Targets::new().with_target(env!("CARGO_CRATE_NAME"), level);
    let started = match format {
        LogFormat::Json => log.json().flatten_event(true).finish().with(own).try_init(),
        LogFormat::Text => log.with_ansi(io::stderr().is_terminal()).finish().with(own).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("the log cannot be started: {error}"))
}
