//! One subject through all policies.

use k8s_openapi::api::core::v1::{Container, PodSpec};
use serde_json::{Value, json};

use super::build::of_policy;
use super::{Context, Gate};
use crate::engine::{EngineError, Input, Review, Violation};
use crate::policy::{Action, Policy, Severity};
use crate::report::{Exempted, FailedPolicy, Finding, Report, Stage, Text, one_line};
use crate::settings::Candidate;
use crate::subject::{Body, Subject};
use crate::typed::{Note, NoteKind};

impl Gate {
    /// Judges one subject.
    pub fn evaluate(&self, subject: &Subject, context: &Context) -> Report {
        let mut report = self.start(context);
        report.subjects.push(subject.entry.clone());
        if self.looked_up().any(|kind| kind == "PersistentVolumeClaim") {
            report.extend_unresolved(unresolved(subject, context));
        }
        match self.input(subject, context) {
            Err(error) => report.failed_policies.push(failure("podgate", error)),
            Ok(input) => {
                let mut judging = Judging { gate: self, subject, context, input, report: &mut report };
                judging.built_in();
                judging.user();
            }
        }
        report.findings.sort_by(|a, b| order(a).cmp(&order(b)));
        report.exempted.sort_by(|a, b| order(&a.finding).cmp(&order(&b.finding)));
        report.summarise();
        report
    }

    /// The kinds of object that policies look up beside a pod: what is worth to be in [`Context::inventory`].
    pub fn looked_up(&self) -> impl Iterator<Item = &str> {
        let of_pods = self.policies.iter().filter(|policy| policy.judges("Pod"));
        of_pods.flat_map(|policy| policy.inventory.iter().map(String::as_str))
    }

    fn input(&self, subject: &Subject, context: &Context) -> Result<Input, EngineError> {
        let notes: Vec<Value> = subject.notes.iter().map(note).collect();
        let review = Review {
            name: &subject.entry.object.name,
            namespace: &subject.entry.object.namespace,
            parameters: &self.parameters,
            partial: subject.entry.partial,
            notes: &notes,
            until: context.until,
        };
        match &subject.body {
            Body::Pod { metadata, spec } => Input::pod(metadata, spec, &subject.extras, review),
            Body::Object(object) => Ok(Input::object(object, review)),
        }
    }
}

impl Report {
    fn extend_unresolved(&mut self, pointers: Vec<String>) {
        if let Some(entry) = self.subjects.last_mut() {
            entry.unresolved.extend(pointers);
        }
    }
}

/// Worst first, then by policy and place.
fn order(finding: &Finding) -> (std::cmp::Reverse<Severity>, &str, &str, Option<&str>, &str) {
    let Finding { severity, policy, pointer, container, message, .. } = finding;
    (std::cmp::Reverse(*severity), policy, pointer, container.as_deref(), message)
}

struct Judging<'a> {
    gate: &'a Gate,
    subject: &'a Subject,
    context: &'a Context,
    input: Input,
    report: &'a mut Report,
}

impl Judging<'_> {
    fn built_in(&mut self) {
        for (id, verdict) in self.gate.built_in.judge(&self.input, self.context.inventory.data()) {
            let Some(policy) = self.gate.policies.iter().find(|policy| policy.id == id) else {
                continue;
            };
            match verdict {
                Err(error) => self.fail(policy, error),
                Ok(violations) => violations.into_iter().for_each(|v| self.add(policy, v, None)),
            }
        }
    }

    fn user(&mut self) {
        for (policy, compiled) in &self.gate.user {
            if !policy.judges(self.subject.judged_kind()) {
                continue;
            }
            let input = match self.gate.user_parameters.get(&policy.id) {
                Some(parameters) => self.input.for_user(parameters),
                None => self.input.clone(),
            };
            match compiled.judge(&input, self.context.inventory.data()) {
                Err(error) => self.fail(policy, error),
                Ok(verdicts) => {
                    for (advisory, violations) in verdicts {
                        let action = advisory.then_some(Action::Warn);
                        violations.into_iter().for_each(|v| self.add(policy, v, action));
                    }
                }
            }
        }
    }

    fn fail(&mut self, policy: &Policy, error: EngineError) {
        let failure = failure(&policy.id, error);
        let file = failure.file.clone().or_else(|| Some(policy.path.clone()));
        let failed = FailedPolicy { file, ..failure };
        if !self.report.failed_policies.contains(&failed) {
            self.report.failed_policies.push(failed);
        }
    }

    fn add(&mut self, policy: &Policy, violation: Violation, action: Option<Action>) {
        if !policy.judges(self.subject.judged_kind()) {
            return;
        }
        let path = violation.path.clone();
        let finding = match self.finding(policy, violation, action) {
            Ok(finding) => finding,
            Err(error) => return self.fail(policy, error),
        };
        match self.exemption(policy, &finding, path.as_deref()) {
            None => self.report.findings.push(finding),
            Some((reason, expires)) => self.report.exempted.push(Exempted { finding, reason, expires }),
        }
    }

    fn finding(&self, policy: &Policy, v: Violation, action: Option<Action>) -> Result<Finding, EngineError> {
        let own = of_policy(&self.gate.settings, policy);
        let said = match &v.severity {
            None => policy.severity,
            Some(name) => {
                let reason =
                    || EngineError::new(format_args!("a violation has the unknown severity `{name}`"));
                Severity::named(name).ok_or_else(reason)?
            }
        };
        let severity = own.and_then(|own| own.severity).unwrap_or(said);
        let mode = own.and_then(|own| own.mode).and_then(crate::settings::Mode::action);
        let pointer = match (v.pointer, &v.path) {
            (Some(pointer), _) => pointer,
            (None, Some(path)) => self.subject.locate(path),
            (None, None) => self.subject.entry.object.pointer.clone(),
        };
        let line = || self.subject.line_span(&pointer, v.line.as_deref()?, self.context.columns);
        let evidence = v.path.as_deref().filter(|path| !is_command(path));
        let evidence = evidence.and_then(|path| self.input.scalar(path));
        let fix = v
            .fix
            .as_deref()
            .map(serde_json::from_str)
            .transpose()
            .map_err(|_| EngineError::new("the `fix` of a violation is not a JSON Patch"))?;
        Ok(Finding {
            policy: policy.id.as_str().into(),
            name: policy.name.as_str().into(),
            severity,
            action: mode.or(action).unwrap_or_else(|| severity.default_action()),
            message: one_line(v.message).into(),
            source: self.subject.entry.object.source.as_str().into(),
            subject: 0,
            // A container without a name is told by its pointer.
            container: v.container.filter(|name| !name.is_empty()).map(Text::from),
            span: line().or_else(|| self.subject.span(&pointer, v.at_key, self.context.columns)),
            evidence: evidence.or_else(|| self.subject.scalar(&pointer)).map(Text::from),
            pointer: pointer.into(),
            attack: policy.attack.as_str().into(),
            help: policy.help.as_str().into(),
            docs: policy.docs.as_str().into(),
            fix: fix.unwrap_or_default(),
        })
    }

    fn exemption(
        &self,
        policy: &Policy,
        finding: &Finding,
        path: Option<&str>,
    ) -> Option<(String, jiff::civil::Date)> {
        if self.gate.settings.exemptions.is_empty() {
            return None;
        }
        let candidate = self.candidate(finding, path);
        self.gate
            .settings
            .exemptions
            .iter()
            .filter(|exemption| exemption.counts_on(self.context.date))
            .filter(|exemption| exemption.policies.iter().any(|name| policy.answers_to(name)))
            .find(|exemption| exemption.selector.matches(candidate))
            .map(|exemption| (exemption.reason.clone(), exemption.expires))
    }

    fn candidate<'c>(&'c self, finding: &'c Finding, path: Option<&str>) -> Candidate<'c> {
        let object = &self.subject.entry.object;
        let known = |text: &'c str| Some(text).filter(|text| !text.is_empty());
        let container = finding.container.as_deref();
        let spec = match &self.subject.body {
            Body::Pod { spec, .. } => Some(&**spec),
            Body::Object(_) => None,
        };
        Candidate {
            namespace: known(&object.namespace),
            service_account: spec.map(|spec| {
                // The old name counts where the new one is empty (`Convert_v1_PodSpec_To_core_PodSpec`).
                let mut names = [&spec.service_account_name, &spec.service_account].into_iter().flatten();
                names.find(|name| !name.is_empty()).map_or("default", String::as_str)
            }),
            user: self.context.user.as_deref(),
            kind: known(&object.kind),
            name: known(&object.name),
            container,
            image: spec.zip(container).and_then(|(spec, name)| image_of(spec, name, path)),
        }
    }
}

/// Whether a path leads to the words of a command: a whole script may stand there, with secrets in it.
fn is_command(path: &str) -> bool {
    matches!(path.rsplit('/').nth(1), Some("args" | "command"))
}

/// The image of the container that a finding is about: the one at its path, or else the one that all containers
/// of its name have. Names may be doubled in a file, and the image of one must not excuse the other.
fn image_of<'s>(spec: &'s PodSpec, container: &str, path: Option<&str>) -> Option<&'s str> {
    let listed = |list, own: &'s [Container]| {
        own.iter().enumerate().map(move |(at, own)| (list, at, own.name.as_str(), own.image.as_deref()))
    };
    let ephemeral = spec.ephemeral_containers.iter().flatten().enumerate();
    let all = listed("containers", &spec.containers)
        .chain(listed("initContainers", spec.init_containers.as_deref().unwrap_or_default()))
        .chain(
            ephemeral.map(|(at, own)| ("ephemeralContainers", at, own.name.as_str(), own.image.as_deref())),
        );
    let is_at = |list: &str, at: usize| {
        let rest = path.and_then(|path| path.strip_prefix(&format!("/spec/{list}/{at}")));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let mut images = Vec::new();
    for (list, at, name, image) in all {
        if is_at(list, at) {
            return image;
        }
        if name == container {
            images.push(image);
        }
    }
    let first = images.first().copied().flatten();
    first.filter(|_| images.iter().all(|image| *image == first))
}

fn failure(policy: &str, error: EngineError) -> FailedPolicy {
    let stage = Stage::Evaluate;
    FailedPolicy { stage, subject: Some(0), ..super::build::failed_in_engine(policy, error) }
}

/// Claims whose volume is not among the objects given: what they bring into the pod is unknown.
///
/// A service account that is not given is not listed: every pod has one, few files hold it, and policies judge what
/// the pod itself says of its token. A role that is not given is a finding of the binding that names it.
fn unresolved(subject: &Subject, context: &Context) -> Vec<String> {
    let Body::Pod { spec, .. } = &subject.body else {
        return Vec::new();
    };
    let namespace = match subject.entry.object.namespace.as_str() {
        "" => "default",
        namespace => namespace,
    };
    let volumes = spec.volumes.iter().flatten().enumerate();
    volumes
        .filter(|(_, volume)| {
            let claim = volume.persistent_volume_claim.as_ref();
            claim.is_some_and(|claim| !context.inventory.knows_claim(namespace, &claim.claim_name))
        })
        .map(|(index, _)| subject.locate(&format!("/spec/volumes/{index}/persistentVolumeClaim")))
        .collect()
}

/// A note as policies see it in `input.notes`.
fn note(note: &Note) -> Value {
    let Note { kind, pointer, field } = note;
    match kind {
        NoteKind::UnknownField { nearest, .. } => {
            json!({ "kind": "unknown-field", "pointer": pointer, "field": field, "nearest": nearest })
        }
        NoteKind::Coerced { wanted, found, truthy } => {
            json!({ "kind": "wrong-type", "pointer": pointer, "field": field, "wanted": wanted, "found": found, "truthy": truthy })
        }
        NoteKind::DuplicateKey => json!({ "kind": "duplicate-key", "pointer": pointer, "field": field }),
        NoteKind::Open => json!({ "kind": "open-field", "pointer": pointer, "field": field }),
        NoteKind::Reference => json!({ "kind": "reference", "pointer": pointer, "field": field }),
        NoteKind::OpenPatch { reason } => {
            json!({ "kind": "open-patch", "pointer": pointer, "field": field, "reason": reason })
        }
        NoteKind::Creates { action, open } => {
            json!({ "kind": "creates", "pointer": pointer, "field": field, "action": action, "open": open })
        }
        NoteKind::Setting { name, values } => {
            json!({ "kind": "setting", "pointer": pointer, "field": field, "name": name, "values": values })
        }
        NoteKind::Unread { reason } => {
            json!({ "kind": "unread", "pointer": pointer, "field": field, "reason": reason })
        }
        NoteKind::Invalid { reason } => {
            json!({ "kind": "invalid-field", "pointer": pointer, "field": field, "reason": reason })
        }
    }
}
