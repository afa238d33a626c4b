//! Rewrites of single values: capabilities, images, variables, truth values and numbers.

use fastrand::Rng;
use serde_json::{Value, json};

use super::{Case, Place, Rewrite, fresh, names};

pub(super) const REWRITES: &[Rewrite] = &[
    Rewrite { name: "capability spelling", apply: capability },
    Rewrite { name: "image with its registry", apply: |case, rng| image(case, rng, registry_written, &[]) },
    Rewrite {
        name: "image host in upper case",
        apply: |case, rng| image(case, rng, host_in_upper_case, &[]),
    },
    Rewrite {
        name: "image host with its port",
        apply: |case, rng| image(case, rng, host_with_port, &["CI506"]),
    },
    Rewrite { name: "image with a digest", apply: image_with_digest },
    Rewrite { name: "truth value as text", apply: truth_as_text },
    Rewrite {
        name: "number as text",
        apply: |case, rng| number(case, rng, |number| number.to_string().into(), true),
    },
    Rewrite { name: "number with a point", apply: |case, rng| number(case, rng, with_point, false) },
    Rewrite { name: "variable through another", apply: through_variable },
    Rewrite { name: "variable overridden", apply: overridden },
    Rewrite { name: "TLS switched on and off again", apply: tls_on_and_off },
];

fn capability(case: &mut Case, rng: &mut Rng) -> bool {
    let Some(site) = case.site(rng) else { return false };
    let mut changed = false;
    for (.., container) in case.containers(&site) {
        let added = case.at_mut(&site, &format!("{container}/securityContext/capabilities/add"));
        for name in added.and_then(Value::as_array_mut).into_iter().flatten() {
            let Value::String(name) = name else { continue };
            let bare = name.trim().to_uppercase();
            let bare = bare.strip_prefix("CAP_").unwrap_or(&bare);
            let prefixed = format!("{}{bare}", ["", "CAP_"][rng.usize(0..2)]);
            let cased: String =
                prefixed.chars().map(|one| if rng.bool() { one.to_ascii_lowercase() } else { one }).collect();
            *name = format!("{}{cased}{}", ["", " "][rng.usize(0..2)], ["", "\t"][rng.usize(0..2)]);
            changed = true;
        }
    }
    changed
}

/// An image reference in its parts: the host, where one is written, and the rest.
fn host(reference: &str) -> (Option<&str>, &str) {
    match reference.split_once('/') {
        Some((host, rest)) if host.contains(['.', ':']) || host == "localhost" => (Some(host), rest),
        _ => (None, reference),
    }
}

fn image(
    case: &mut Case,
    rng: &mut Rng,
    spell: fn(&str, &mut Rng) -> Option<String>,
    may_come: &[&'static str],
) -> bool {
    let Some(site) = case.site(rng) else { return false };
    let Some(container) = case.container(&site, rng) else { return false };
    let pointer = format!("{container}/image");
    let Some(Value::String(reference)) = case.at_mut(&site, &pointer) else { return false };
    if reference.is_empty() || reference.contains(['$', '{']) {
        return false;
    }
    let Some(spelled) = spell(reference, rng) else { return false };
    *reference = spelled;
    case.allow(may_come, &site.place(&pointer));
    true
}

fn registry_written(reference: &str, rng: &mut Rng) -> Option<String> {
    let (own, rest) = host(reference);
    let hub = ["docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"];
    let is_hub = own.is_none_or(|own| hub.contains(&own.to_ascii_lowercase().as_str()));
    let library = if rest.contains('/') { "" } else { "library/" };
    is_hub.then(|| format!("{}/{library}{rest}", hub[rng.usize(..hub.len())]))
}

fn host_in_upper_case(reference: &str, _: &mut Rng) -> Option<String> {
    let (own, rest) = host(reference);
    own.map(|own| format!("{}/{rest}", own.to_ascii_uppercase()))
}

fn host_with_port(reference: &str, _: &mut Rng) -> Option<String> {
    let (own, rest) = host(reference);
    own.filter(|own| own.contains('.') && !own.contains(':')).map(|own| format!("{own}:443/{rest}"))
}

/// A digest beside the tag: what is found of tags that move may go.
fn image_with_digest(case: &mut Case, rng: &mut Rng) -> bool {
    let digest = |reference: &str, _: &mut Rng| {
        let last = reference.rsplit('/').next().unwrap_or_default();
        (last.contains(':') && !reference.contains('@'))
            .then(|| format!("{reference}@sha256:{}", "a".repeat(64)))
    };
    let before = case.documents.clone();
    if !image(case, rng, digest, &[]) {
        return false;
    }
    let sites = case.sites();
    for wanted in case.wanted.iter_mut().filter(|wanted| wanted.policy == "CI505") {
        let changed = |place: &Place| {
            let (document, pointer) = place.at.split_once('#').unwrap_or_default();
            let document: usize = document.parse().unwrap_or_default();
            before[document].pointer(pointer) != case.documents[document].pointer(pointer)
        };
        wanted.is_optional |= !sites.is_empty() && wanted.places.iter().any(changed);
    }
    true
}

/// A truth value in quotes: the wrong type is a finding of its own.
fn truth_as_text(case: &mut Case, rng: &mut Rng) -> bool {
    let Some(site) = case.site(rng) else { return false };
    let mut pointers: Vec<String> =
        ["hostPID", "hostIPC", "hostNetwork"].iter().map(|field| format!("/spec/{field}")).collect();
    pointers.extend(case.containers(&site).iter().map(|one| format!("{}/securityContext/privileged", one.2)));
    pointers.retain(|pointer| case.at(&site, pointer) == Some(&Value::Bool(true)));
    let Some(pointer) = rng.choice(&pointers) else { return false };
    if let Some(value) = case.at_mut(&site, pointer) {
        *value = ["true", "True", "TRUE", "yes", "on", "Y"][rng.usize(0..6)].into();
    }
    case.want("CI803", "medium", site.place(pointer), None);
    true
}

fn with_point(number: u64) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "ports and users are small")]
    let number = number as f64;
    json!(number)
}

/// Ports and users in another form.
fn number(case: &mut Case, rng: &mut Rng, spell: fn(u64) -> Value, is_wrong_type: bool) -> bool {
    let Some(site) = case.site(rng) else { return false };
    let mut pointers =
        vec!["/spec/securityContext/runAsUser".to_owned(), "/spec/securityContext/fsGroup".to_owned()];
    for (.., container) in case.containers(&site) {
        pointers.push(format!("{container}/securityContext/runAsUser"));
        for index in 0..case.list(&site, &format!("{container}/ports")).len() {
            pointers.push(format!("{container}/ports/{index}/hostPort"));
            pointers.push(format!("{container}/ports/{index}/containerPort"));
        }
    }
    pointers.retain(|pointer| case.at(&site, pointer).is_some_and(Value::is_u64));
    let Some(pointer) = rng.choice(&pointers) else { return false };
    if let Some(value) = case.at_mut(&site, pointer) {
        *value = value.as_u64().map(spell).unwrap_or_default();
    }
    if is_wrong_type {
        case.allow(&["CI803"], &site.place(pointer));
    }
    true
}

/// Puts the value of `DOCKER_HOST` into a variable before it.
fn through_variable(case: &mut Case, rng: &mut Rng) -> bool {
    let Some(site) = case.site(rng) else { return false };
    let Some(container) = case.container(&site, rng) else { return false };
    let env = format!("{container}/env");
    let variables = case.list(&site, &env);
    let is_host = |variable: &Value| {
        variable["name"] == "DOCKER_HOST"
            && variable["value"].as_str().is_some_and(|value| !value.contains('$'))
    };
    let Some(at) = variables.iter().position(is_host) else { return false };
    let name = fresh(rng).to_uppercase().replace('-', "_");
    let value = variables[at]["value"].as_str().unwrap_or_default().to_owned();
    let cut = if rng.bool() { value.find("://").map_or(0, |at| at + 3) } else { 0 };
    let (head, tail) = value.split_at(cut);
    let (written, held) = (format!("{head}$({name})"), json!({"name": name, "value": tail}));
    if let Some(variable) = case.at_mut(&site, &format!("{env}/{at}")) {
        variable["value"] = written.into();
    }
    let before = rng.usize(0..=at);
    case.insert(&site, &container, "env", before, held)
}

/// An earlier variable of the same name has no effect.
fn overridden(case: &mut Case, rng: &mut Rng) -> bool {
    let Some(site) = case.site(rng) else { return false };
    let Some(container) = case.container(&site, rng) else { return false };
    let variables = case.list(&site, &format!("{container}/env"));
    let decoys = [("DOCKER_HOST", "unix:///run/none.sock"), ("DOCKER_TLS_CERTDIR", "/certs")];
    let decoys = decoys.iter().filter(|(name, _)| names(variables).contains(name)).collect::<Vec<_>>();
    let Some((name, value)) = rng.choice(&decoys).copied() else { return false };
    case.insert(&site, &container, "env", 0, json!({"name": name, "value": value}))
}

fn tls_on_and_off(case: &mut Case, rng: &mut Rng) -> bool {
    let Some(site) = case.site(rng) else { return false };
    let Some(container) = case.container(&site, rng) else { return false };
    let variables = case.list(&site, &format!("{container}/env"));
    if names(variables).iter().any(|name| name.starts_with("DOCKER_TLS"))
        || !names(variables).contains("DOCKER_HOST")
    {
        return false;
    }
    let off = json!({"name": "DOCKER_TLS_VERIFY", "value": ""});
    let on = json!({"name": "DOCKER_TLS_VERIFY", "value": "1"});
    case.insert(&site, &container, "env", 0, off) && case.insert(&site, &container, "env", 0, on)
}
