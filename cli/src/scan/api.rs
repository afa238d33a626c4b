//! Questions to an API server, and what it says in return.

use std::sync::Arc;
use std::time::Duration;

use futures::{Stream, StreamExt};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::APIResourceList;
use kube::api::{DeleteParams, GetParams, ListParams, Patch, PatchParams, WatchEvent, WatchParams};
use kube::core::{Request, Status};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use super::connection::Connection;
use crate::faults::{self, one_line};
use crate::names::is_subdomain;

/// A request, as kube makes it.
type Ask = hyper::Request<Vec<u8>>;

/// Longest that a request may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// A kind of object, by its path.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resource {
    /// `api/v1`, or `apis/` with group and version.
    pub(super) version: &'static str,
    pub(super) plural: &'static str,
}

pub(super) const PODS: Resource = Resource { version: "api/v1", plural: "pods" };
pub(super) const NAMESPACES: Resource = Resource { version: "api/v1", plural: "namespaces" };

impl Resource {
    fn request(self, namespace: Option<&str>) -> Request {
        let Self { version, plural } = self;
        Request::new(match namespace {
            Some(namespace) => format!("/{version}/namespaces/{namespace}/{plural}"),
            None => format!("/{version}/{plural}"),
        })
    }
}

/// Why there is no answer.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    /// The HTTP status; 0 where there was none.
    code: u16,
    pub(super) reason: String,
    /// What to go on with after a list that took too long.
    next: Option<String>,
    /// Whether the server could not be asked at all.
    pub(super) is_silence: bool,
}

impl Failure {
    fn new(reason: impl Into<String>) -> Self {
        Self { code: 0, reason: reason.into(), next: None, is_silence: false }
    }

    pub(super) fn silence(reason: String) -> Self {
        Self { is_silence: true, ..Self::new(reason) }
    }

    pub(super) const fn is_forbidden(&self) -> bool {
        self.code == 403
    }

    /// Whether it is the question that is wrong.
    pub(super) const fn is_of_question(&self) -> bool {
        self.code == 400
    }

    pub(super) const fn is_missing(&self) -> bool {
        self.code == 404
    }

    /// Whether nothing more can be made in a namespace, since it is being removed.
    pub(super) fn is_of_an_end(&self) -> bool {
        self.code == 403 && self.reason.contains("because it is being terminated")
    }

    /// Whether the server says that it cannot do it now.
    pub(super) const fn is_passing(&self) -> bool {
        self.code == 429 || self.code >= 500
    }

    pub(super) const fn is_expired(&self) -> bool {
        self.code == 410
    }

    /// The same, as one of several of so many tries.
    pub(super) fn several(self, failed: usize, all: usize) -> Self {
        Self { reason: format!("{failed} of {all} failed, the first as follows: {}", self.reason), ..self }
    }

    /// The same, of a server that does answer, if not always.
    pub(super) fn of_one_that_answers(self) -> Self {
        Self { is_silence: false, ..self }
    }

    /// The same, with what was asked for.
    pub(super) fn of(self, what: &str) -> Self {
        Self { reason: format!("{what} cannot be read: {}", self.reason), ..self }
    }
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        let reason = faults::answer(&status);
        let next = status.metadata.and_then(|list| list.continue_).filter(|next| !next.is_empty());
        Self { code: status.code, reason, next, is_silence: false }
    }
}

/// One API server.
#[derive(Clone)]
pub(super) struct Api {
    connection: Arc<Connection>,
    page: u32,
}

impl Api {
    pub(super) fn new(connection: Connection, page: u32) -> Self {
        Self { connection: Arc::new(connection), page }
    }

    /// Waits for an answer, but not for ever.
    async fn patiently<T>(&self, answer: impl Future<Output = kube::Result<T>>) -> Result<T, Failure> {
        match tokio::time::timeout(PATIENCE, answer).await {
            Ok(answer) => answer.map_err(|error| self.failure(error)),
            Err(_) => Err(Failure::silence(format!("{} does not answer in time", self.connection.server()))),
        }
    }

    async fn text(&self, request: Result<Ask, kube::core::request::Error>) -> Result<String, Failure> {
        let request = request.map_err(|error| self.failure(kube::Error::BuildRequest(error)))?;
        self.patiently(self.connection.client().await?.request_text(request)).await
    }

    /// An answer says for itself who gives it, and the cluster's name stands beside it; where there is none it is the
    /// server that is to be looked at.
    fn failure(&self, error: kube::Error) -> Failure {
        match error {
            kube::Error::Api(status) => Failure::from(*status),
            error => self.connection.failure(&faults::reason(&error)),
        }
    }

    /// The kinds of a group's version.
    pub(super) async fn kinds(&self, version: &str) -> Result<APIResourceList, Failure> {
        self.patiently(self.connection.client().await?.list_api_group_resources(version)).await
    }

    /// The metadata of one object.
    pub(super) async fn metadata<T: DeserializeOwned>(
        &self,
        resource: Resource,
        namespace: Option<&str>,
        name: &str,
    ) -> Result<T, Failure> {
        #[derive(Deserialize)]
        struct Object<T> {
            metadata: T,
        }
        let name = stored(name)?;
        let text = self.text(resource.request(namespace).get_metadata(name, &GetParams::default())).await?;
        let object: Object<T> = serde_json::from_str(&text).map_err(unreadable)?;
        Ok(object.metadata)
    }

    /// One object.
    pub(super) async fn object(
        &self,
        resource: Resource,
        namespace: Option<&str>,
        name: &str,
    ) -> Result<Box<RawValue>, Failure> {
        let name = stored(name)?;
        let text = self.text(resource.request(namespace).get(name, &GetParams::default())).await?;
        serde_json::from_str(&text).map_err(unreadable)
    }

    /// Writes an object as it is to be, whoever wrote it before.
    pub(super) async fn apply(
        &self,
        resource: Resource,
        namespace: Option<&str>,
        name: &str,
        object: &Value,
    ) -> Result<(), Failure> {
        let how = PatchParams::apply("podgate").force();
        self.text(resource.request(namespace).patch(name, &how, &Patch::Apply(object))).await?;
        Ok(())
    }

    pub(super) async fn delete(
        &self,
        resource: Resource,
        namespace: Option<&str>,
        name: &str,
    ) -> Result<(), Failure> {
        let deleted = self.text(resource.request(namespace).delete(name, &DeleteParams::default())).await;
        deleted.map(drop).or_else(|failure| if failure.is_missing() { Ok(()) } else { Err(failure) })
    }

    /// Changes of pods since a version.
    pub(super) async fn watch(
        &self,
        resource: Resource,
        namespace: Option<&str>,
        selector: Option<&str>,
        version: &str,
    ) -> Result<impl Stream<Item = Result<WatchEvent<Value>, Failure>> + use<>, Failure> {
        let how = WatchParams { label_selector: selector.map(str::to_owned), ..WatchParams::default() };
        let request = resource.request(namespace).watch(&how, version);
        let request = request.map_err(|error| self.failure(kube::Error::BuildRequest(error)))?;
        let events = self.patiently(self.connection.client().await?.request_events(request)).await?;
        let api = self.clone();
        Ok(events.map(move |event| event.map_err(|error| api.failure(error))))
    }
}

/// A name that an object can have. A pod may refer to any text, and what cannot be there is
/// missing.
fn stored(name: &str) -> Result<&str, Failure> {
    if is_subdomain(name) {
        return Ok(name);
    }
    Err(Failure { code: 404, ..Failure::new(format!("no object can be called `{}`", one_line(name))) })
}

fn unreadable(error: serde_json::Error) -> Failure {
    Failure::new(format!("the answer is not what it should be: {error}"))
}

/// A list, page by page, as the pager of client-go reads it (`k8s.io/client-go/tools/pager`).
///
/// A list that takes longer than the API server keeps its state expires. It is then read once more from its start; the
/// second time it goes on where it was, in the state of that moment. Pages are in the order of names: nothing that was
/// there all the time is left out or comes twice.
pub(super) struct Pager<'a> {
    api: &'a Api,
    resource: Resource,
    namespace: Option<&'a str>,
    selector: Option<&'a str>,
    metadata_only: bool,
    next: Option<String>,
    /// The version of the cluster that the list is of.
    pub(super) version: String,
    began_again: bool,
    continued: bool,
    done: bool,
}

/// What comes next in a list.
pub(super) enum Step {
    Items(Vec<Box<RawValue>>),
    /// All that came before counts for nothing: it begins again.
    Again,
}

/// The parts of a list that matter.
#[derive(Deserialize)]
struct Page {
    kind: String,
    #[serde(default)]
    metadata: ListMeta,
    items: Option<Vec<Box<RawValue>>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ListMeta {
    resource_version: String,
    #[serde(rename = "continue")]
    next: String,
}

impl<'a> Pager<'a> {
    pub(super) const fn new(api: &'a Api, resource: Resource, namespace: Option<&'a str>) -> Self {
        Self {
            api,
            resource,
            namespace,
            selector: None,
            metadata_only: false,
            next: None,
            version: String::new(),
            began_again: false,
            continued: false,
            done: false,
        }
    }

    /// Objects with these labels alone.
    pub(super) fn of(self, selector: Option<&'a str>) -> Self {
        Self { selector, ..self }
    }

    /// Without what the objects hold beside their metadata.
    pub(super) fn metadata_only(self) -> Self {
        Self { metadata_only: true, ..self }
    }

    /// The next step; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Step>, Failure> {
        while !self.done {
            let what = ListParams {
                label_selector: self.selector.map(str::to_owned),
                limit: Some(self.api.page),
                continue_token: self.next.clone(),
                ..ListParams::default()
            };
            let request = self.resource.request(self.namespace);
            let request = if self.metadata_only { request.list_metadata(&what) } else { request.list(&what) };
            match self.api.text(request).await {
                Ok(text) => return self.page(&text).map(Some),
                Err(failure) if failure.is_expired() && self.next.is_some() => self.go_on(failure)?,
                Err(failure) => return Err(failure),
            }
            if self.next.is_none() {
                return Ok(Some(Step::Again));
            }
        }
        Ok(None)
    }

    fn page(&mut self, text: &str) -> Result<Step, Failure> {
        let page: Page = serde_json::from_str(text).map_err(unreadable)?;
        if !page.kind.ends_with("List") {
            return Err(Failure::new(format!("the answer is a `{}` and no list", one_line(&page.kind))));
        }
        if self.version.is_empty() {
            self.version = page.metadata.resource_version;
        }
        self.next = Some(page.metadata.next).filter(|next| !next.is_empty());
        self.done = self.next.is_none();
        self.continued = false;
        Ok(Step::Items(page.items.unwrap_or_default()))
    }

    /// Chooses where to go on after a list has expired.
    fn go_on(&mut self, failure: Failure) -> Result<(), Failure> {
        if !self.began_again {
            self.began_again = true;
            self.next = None;
            self.version.clear();
            return Ok(());
        }
        // Without a page in between there is no end to it.
        if self.continued || failure.next.is_none() {
            return Err(failure);
        }
        self.continued = true;
        self.next = failure.next;
        Ok(())
    }
}
