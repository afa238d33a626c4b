//! The texts of the protocol: `AdmissionReview` of `admission.k8s.io/v1`, as `k8s.io/api/admission/v1/types.go` has
//! it.
//!
//! The types of `kube-core` would read the objects into values. Here they stay text, so that a report has their
//! places, and is the one that the command line gives of the same text.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;

use k8s_openapi::api::authentication::v1::UserInfo;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Status;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// `apiVersion` of requests and answers.
pub const API_VERSION: &str = "admission.k8s.io/v1";

/// `kind` of requests and answers.
pub const KIND: &str = "AdmissionReview";

/// A review that was asked for. Its texts are borrowed from the body of the request.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AdmissionRequest<'a> {
    /// Identifies the request; the answer repeats it.
    pub uid: String,
    /// Kind of the object, as the webhook asked for it.
    #[serde(default)]
    pub kind: GroupVersionKind,
    /// Resource that is written, as the webhook asked for it.
    pub resource: GroupVersionResource,
    /// Part of the resource that is written, such as `ephemeralcontainers`; empty for the whole.
    #[serde(default)]
    pub sub_resource: String,
    /// Name of the object; empty where the API server is to make it.
    #[serde(default)]
    pub name: String,
    /// Namespace of the object; empty where it lives in none.
    #[serde(default)]
    pub namespace: String,
    /// `CREATE`, `UPDATE`, `DELETE` or `CONNECT`.
    pub operation: String,
    /// Who asks.
    #[serde(default)]
    pub user_info: UserInfo,
    /// JSON of the object as it is to be stored.
    #[serde(default, borrow)]
    pub object: Option<&'a RawValue>,
    /// JSON of the object as it is stored now.
    #[serde(default, borrow)]
    pub old_object: Option<&'a RawValue>,
    /// Whether nothing will be stored.
    #[serde(default)]
    pub dry_run: bool,
}

/// A kind with its group and version.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[non_exhaustive]
pub struct GroupVersionKind {
    /// API group; empty for the core group.
    #[serde(default)]
    pub group: String,
    /// Version in the group.
    #[serde(default)]
    pub version: String,
    /// The kind.
    #[serde(default)]
    pub kind: String,
}

/// A resource with its group and version.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[non_exhaustive]
pub struct GroupVersionResource {
    /// API group; empty for the core group.
    #[serde(default)]
    pub group: String,
    /// Version in the group.
    #[serde(default)]
    pub version: String,
    /// The resource, such as `pods`.
    pub resource: String,
}

/// The body of a request before its review is looked at.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a> {
    #[serde(default)]
    api_version: String,
    #[serde(default)]
    kind: String,
    #[serde(default, borrow)]
    request: Option<&'a RawValue>,
}

/// Why a body is no review that can be judged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
#[non_exhaustive]
pub struct ReadError {
    /// The request's `uid`, where the body has one.
    pub uid: Option<String>,
    /// Why, in one line.
    pub reason: String,
}

impl<'a> AdmissionRequest<'a> {
    /// Reads the body of a request. Fields that are not known are passed over, as the API's conventions ask.
    ///
    /// # Errors
    ///
    /// Bytes that are no JSON in UTF-8, another kind or version than `AdmissionReview` of `admission.k8s.io/v1`, a
    /// review without a request, and a request without `uid`, `operation` or `resource`.
    pub fn read(body: &'a [u8]) -> Result<Self, ReadError> {
        let without_uid = |reason: String| ReadError { uid: None, reason };
        let envelope: Envelope<'a> = serde_json::from_slice(body)
            .map_err(|error| without_uid(format!("the body is no AdmissionReview: {error}")))?;
        let request = envelope.request.map(RawValue::get);
        let uid = request.and_then(uid);
        let fail = |reason: String| Err(ReadError { uid: uid.clone(), reason });
        if (envelope.api_version.as_str(), envelope.kind.as_str()) != (API_VERSION, KIND) {
            return fail(format!(
                "unknown `{}` of `{}`, expected `{KIND}` of `{API_VERSION}`",
                envelope.kind, envelope.api_version
            ));
        }
        let Some(request) = request else {
            return fail("the review has no `request`".to_owned());
        };
        match serde_json::from_str::<Self>(request) {
            Ok(request) if request.uid.is_empty() => fail("the request has no `uid`".to_owned()),
            Ok(request) => Ok(request),
            Err(error) => fail(format!("the request cannot be read: {error}")),
        }
    }
}

/// The `uid` of a request of which nothing else may be readable.
fn uid(request: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Identified {
        uid: String,
    }
    let identified: Option<Identified> = serde_json::from_str(request).ok();
    identified.map(|identified| identified.uid).filter(|uid| !uid.is_empty())
}

/// The `uid` of a review of which only the beginning is there: what API servers write first in a request.
pub(super) fn uid_of_beginning(text: &[u8]) -> Option<String> {
    let found = Cell::new(None);
    // It ends with an error where the text does.
    let _ = Find { path: &["request", "uid"], found: &found }
        .deserialize(&mut serde_json::Deserializer::from_slice(text));
    found.take().filter(|uid: &String| !uid.is_empty())
}

/// Looks for the text at a path in maps, and keeps it as soon as it is read.
struct Find<'a> {
    path: &'a [&'a str],
    found: &'a Cell<Option<String>>,
}

impl<'de> DeserializeSeed<'de> for Find<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.path.is_empty() {
            self.found.set(Some(String::deserialize(deserializer)?));
            return Ok(());
        }
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Find<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match self.path.split_first() {
                Some((name, path)) if *name == key => {
                    map.next_value_seed(Find { path, found: self.found })?
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// An answered review, which is what the body of the answer holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AdmissionReview {
    /// Always `admission.k8s.io/v1`.
    pub api_version: &'static str,
    /// Always `AdmissionReview`.
    pub kind: &'static str,
    /// The answer.
    pub response: AdmissionResponse,
}

/// The answer to a review.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AdmissionResponse {
    /// That of the request; empty where the request has none, which no API server takes for an answer.
    pub uid: String,
    /// Whether the object may be stored.
    pub allowed: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// What the API server shows to whoever asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// What the API server adds to its audit event, below the webhook's name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub audit_annotations: BTreeMap<&'static str, String>,
}

impl From<AdmissionResponse> for AdmissionReview {
    fn from(response: AdmissionResponse) -> Self {
        Self { api_version: API_VERSION, kind: KIND, response }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<AdmissionRequest<'_>, (Option<String>, String)> {
        AdmissionRequest::read(body.as_bytes()).map_err(|error| (error.uid, error.reason))
    }

    fn review(rest: &str) -> String {
        format!(r#"{{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview",{rest}}}"#)
    }

    const LEAST: &str = r#""request":{"uid":"u","operation":"CREATE","resource":{"resource":"pods"}}"#;

    #[test]
    fn what_a_request_may_leave_out_is_empty() {
        let body = review(LEAST);
        let request = read(&body).unwrap();
        assert_eq!((request.uid.as_str(), request.operation.as_str()), ("u", "CREATE"));
        assert!(request.object.is_none() && request.old_object.is_none() && !request.dry_run);
        assert_eq!(request.user_info, UserInfo::default());
    }

    #[test]
    fn the_uid_is_known_as_soon_as_it_is_there() {
        let body = review(LEAST);
        let end = body.find("\"u\"").unwrap() + 3;
        for at in 0..body.len() {
            let expected = (at >= end).then(|| "u".to_owned());
            assert_eq!(uid_of_beginning(&body.as_bytes()[..at]), expected, "{at}");
        }
        for body in
            ["", "[]", r#"{"uid":"u","a":{"uid":"u"},"request":{"a":{"uid":"u"}}}"#, r#"{"request":{"uid":7"#]
        {
            assert_eq!(uid_of_beginning(body.as_bytes()), None, "{body}");
        }
    }

    #[test]
    fn fields_of_a_newer_version_are_passed_over_and_null_is_nothing() {
        let body = review(
            r#""request":{"uid":"u","operation":"UPDATE","resource":{"group":"","version":"v1","resource":"pods","new":1},
            "object":null,"oldObject":{"a":1},"options":null,"later":[{}]},"later":{}"#,
        );
        let request = read(&body).unwrap();
        assert!(request.object.is_none());
        assert_eq!(request.old_object.map(RawValue::get), Some(r#"{"a":1}"#));
    }

    #[test]
    fn what_is_no_review_is_refused_with_its_uid_where_it_has_one() {
        let beta = LEAST;
        let cases = [
            ("".to_owned(), None, "the body is no AdmissionReview"),
            ("[]".to_owned(), None, "unknown `` of ``"),
            ("7".to_owned(), None, "the body is no AdmissionReview"),
            (
                format!(r#"{{"apiVersion":"admission.k8s.io/v1beta1","kind":"AdmissionReview",{beta}}}"#),
                Some("u"),
                "unknown `AdmissionReview` of `admission.k8s.io/v1beta1`, expected",
            ),
            (format!(r#"{{"apiVersion":"v1","kind":"Pod",{LEAST}}}"#), Some("u"), "unknown `Pod` of `v1`"),
            (format!("{{{LEAST}}}"), Some("u"), "unknown `` of ``"),
            (review(r#""response":{"uid":"u"}"#), None, "the review has no `request`"),
            (review(r#""request":null"#), None, "the review has no `request`"),
            (review(r#""request":{"uid":"u"}"#), Some("u"), "the request cannot be read: missing field"),
            (review(r#""request":{"uid":7,"operation":"CREATE"}"#), None, "the request cannot be read"),
            (
                review(r#""request":{"uid":"","operation":"CREATE","resource":{"resource":"pods"}}"#),
                None,
                "the request has no `uid`",
            ),
            (review(&format!("{LEAST},{LEAST}")), None, "the body is no AdmissionReview: duplicate field"),
        ];
        for (body, uid, reason) in cases {
            let (own, said) = read(&body).unwrap_err();
            assert_eq!(own.as_deref(), uid, "{body}");
            assert!(said.starts_with(reason), "{body}: {said}");
            assert!(!said.contains('\n'), "{said}");
        }
        assert!(AdmissionRequest::read(b"\xff{}").is_err());
    }
}
