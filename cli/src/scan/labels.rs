//! Labels of namespaces, by which they choose the profile that judges their pods.

use std::collections::{BTreeMap, HashMap};

use podgate::admission::{Gates, Labels};

use super::api::{Api, Failure, NAMESPACES, Pager, Step};
use super::object::Metadata;

/// Labels by the namespace; empty where the settings let no namespace choose.
#[derive(Debug, Default)]
pub(super) struct Namespaces {
    labels: HashMap<String, Labels>,
    wanted: bool,
}

impl Namespaces {
    /// Reads them, where they count.
    pub(super) async fn load(api: &Api, gates: &Gates, namespace: Option<&str>) -> Result<Self, Failure> {
        let mut own = Self { wanted: gates.want_labels(), labels: HashMap::new() };
        match namespace.filter(|_| own.wanted) {
            Some(namespace) => own.learn(api, namespace).await?,
            None if own.wanted => {
                own.list(api).await.map_err(|failure| failure.of("labels of namespaces"))?
            }
            None => {}
        }
        Ok(own)
    }

    async fn list(&mut self, api: &Api) -> Result<(), Failure> {
        #[derive(serde::Deserialize)]
        struct Object {
            metadata: Metadata,
        }
        let mut pages = Pager::new(api, NAMESPACES, None).metadata_only();
        while let Some(step) = pages.next().await? {
            let Step::Items(items) = step else { continue };
            for item in items {
                if let Ok(Object { metadata }) = serde_json::from_str(item.get()) {
                    self.labels.insert(metadata.name, metadata.labels);
                }
            }
        }
        Ok(())
    }

    /// Reads those of a namespace that is younger than the list.
    pub(super) async fn learn(&mut self, api: &Api, namespace: &str) -> Result<(), Failure> {
        if !self.wanted || self.labels.contains_key(namespace) {
            return Ok(());
        }
        let found = api.metadata::<Metadata>(NAMESPACES, None, namespace).await;
        let labels = match found {
            Ok(found) => found.labels,
            // It went away with its pods.
            Err(failure) if failure.is_missing() => BTreeMap::new(),
            Err(failure) => return Err(failure.of("labels of namespaces")),
        };
        self.labels.insert(namespace.to_owned(), labels);
        Ok(())
    }

    pub(super) fn of(&self, namespace: &str) -> Option<&Labels> {
        self.labels.get(namespace)
    }
}
