//! What is to be said beside the report, on standard error, each thing once.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use super::api::Failure;

/// Notes that are remembered. In a watch that lasts there may be more, and then some are told again.
const MOST: usize = 1000;

/// Notes about one cluster.
#[derive(Debug)]
pub(super) struct Notes {
    cluster: String,
    told: Mutex<BTreeSet<String>>,
}

impl Notes {
    pub(super) fn new(cluster: &str) -> Self {
        Self { cluster: cluster.to_owned(), told: Mutex::default() }
    }

    /// Tells something, unless it was told.
    pub(super) fn tell(&self, text: String) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() >= MOST {
            told.clear();
        }
        if told.insert(text.clone()) {
            self.say(&text);
        }
    }

    /// Tells something that may happen again.
    pub(super) fn say(&self, text: &str) {
        // Where standard error is gone there is nobody to tell.
        let _ = writeln!(io::stderr().lock(), "note: {}: {text}", self.cluster);
    }

    /// Tells that owners are guessed.
    pub(super) fn by_name(&self, plural: &str, failure: &Failure) {
        self.tell(format!(
            "owners are told by the names of {plural}, which cannot be read: {}",
            failure.reason
        ));
    }
}
