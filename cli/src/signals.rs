//! How a program that runs for long is ended.

#[cfg(unix)]
use anyhow::Context;
use anyhow::Result;

/// The signals that end the program.
pub(crate) struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    /// Takes them from here on.
    pub(crate) fn new() -> Result<Self> {
        #[cfg(unix)]
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            #[cfg(unix)]
            terminate: signal(SignalKind::terminate()).context("signals cannot be listened to")?,
        })
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) {
        let interrupt = tokio::signal::ctrl_c();
        #[cfg(unix)]
        tokio::select! { _ = interrupt => {}, _ = self.terminate.recv() => {} }
        #[cfg(not(unix))]
        let _ = interrupt.await;
    }
}
