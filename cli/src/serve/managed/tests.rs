use std::time::Duration;

use k8s_openapi::ByteString;
use k8s_openapi::api::admissionregistration::v1::ValidatingWebhookConfiguration;
use serde_json::{Value, json};

use super::pair::{Authority, BACK, Wanted, authorities};
use super::record::{Data, Record, Step};
use super::targets::{Seen, Service};
use crate::args::Namespaced;

const NOW: u64 = 1_800_000_000;
const DAY: u64 = 24 * 3600;

fn service(namespace: &str, name: &str) -> Service {
    Service(Namespaced { namespace: namespace.to_owned(), name: name.to_owned() })
}

fn wanted() -> Wanted {
    Wanted { names: service("podgate", "podgate").names(), lifetime: Duration::from_secs(90 * DAY) }
}

/// What a Secret holds after a step from what it held, with what was said.
fn step(data: &Data, known: &[&Record], now: u64) -> (Data, Record, String) {
    let known: Vec<&Authority> = known.iter().map(|record| &record.authority).collect();
    said_of(Step::of(data, &wanted(), &known, &[], now).unwrap(), data)
}

fn said_of(step: Step, data: &Data) -> (Data, Record, String) {
    match step {
        Step::Keep(record) => (data.clone(), record, String::new()),
        Step::Write { record, reason, is_damage } => {
            let mut new = data.clone();
            record.write(&mut new);
            (new, record, format!("{}{reason}", if is_damage { "damage: " } else { "" }))
        }
    }
}

fn text(data: &Data, name: &str) -> String {
    String::from_utf8(data[name].0.clone()).unwrap()
}

#[test]
fn a_certificate_is_made_kept_and_renewed_after_two_thirds_of_its_time() {
    let (data, first, said) = step(&Data::new(), &[], NOW);
    assert_eq!(said, "there was none");
    assert_eq!(first.trusted, vec![first.authority.clone()]);
    assert_eq!((first.validity.made, first.validity.expires), (NOW, NOW + 90 * DAY));
    let read = Record::read(&data, &wanted(), NOW).unwrap().unwrap();
    assert!(read.pair == first.pair && read.validity == first.validity && read.trusted == first.trusted);

    for now in [NOW, NOW + 60 * DAY - 1] {
        let (same, _, said) = step(&data, &[], now);
        assert_eq!((same, said.as_str()), (data.clone(), ""), "{now}");
    }
    let (new, second, said) = step(&data, &[&first], NOW + 60 * DAY);
    assert_eq!(said, "two thirds of the time of the one before are over");
    assert!(second.pair != first.pair);
    assert_eq!(second.trusted, [second.authority.clone(), first.authority.clone()], "both are trusted");
    assert_eq!(second.validity.expires, NOW + 150 * DAY);
    assert_eq!(text(&new, "ca.crt"), second.bundle());

    let (tidy, third, said) = step(&new, &[&second], NOW + 90 * DAY);
    assert_eq!(said, "an authority before has expired");
    assert!(third.pair == second.pair && third.trusted == [second.authority]);
    assert_eq!(text(&tidy, "tls.crt"), text(&new, "tls.crt"));
    assert_eq!(step(&tidy, &[], NOW + 90 * DAY).2, "");
}

#[test]
fn clocks_may_be_apart_by_an_hour() {
    let (data, _, _) = step(&Data::new(), &[], NOW);
    assert!(Record::read(&data, &wanted(), NOW - BACK + 1).unwrap().is_some());
    let error = Record::read(&data, &wanted(), NOW - BACK - 1).err().unwrap();
    assert!(format!("{error:#}").contains("not valid yet"), "{error:#}");
}

#[test]
fn what_is_damaged_is_replaced_and_what_replicas_show_stays_trusted() {
    let (data, first, _) = step(&Data::new(), &[], NOW);
    let (other, last, _) = step(&Data::new(), &[], NOW);
    let with = |name: &str, text: &str| {
        let mut data = data.clone();
        data.insert(name.to_owned(), ByteString(text.as_bytes().to_vec()));
        data
    };
    let mut bytes = data.clone();
    bytes.insert("tls.key".to_owned(), ByteString(vec![0xff, 0]));
    let mut without = data.clone();
    without.remove("tls.key");
    let elsewhere = Wanted { names: service("other", "podgate").names(), ..wanted() };
    let (pair, authority) = elsewhere.make(NOW).unwrap();
    let named = [
        ("tls.crt".to_owned(), ByteString(pair.certificate.clone().into_bytes())),
        ("tls.key".to_owned(), ByteString(pair.key.clone().into_bytes())),
        ("ca.crt".to_owned(), ByteString(authority.pem.into_bytes())),
    ];
    for (damaged, reason) in [
        (with("tls.crt", "geheim"), "there is no certificate in PEM"),
        (with("tls.key", "geheim"), "there is no key in PEM"),
        (with("ca.crt", "geheim"), "`ca.crt` holds no certificate in PEM"),
        (with("ca.crt", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"), "`ca.crt`"),
        (with("ca.crt", &text(&other, "ca.crt")), "the certificate is not good for `podgate.podgate.svc`"),
        (with("tls.key", &text(&other, "tls.key")), "certificate and key are no pair"),
        (named.into(), "the certificate is not good for `podgate.podgate.svc`"),
        (bytes, "`tls.key` is no text"),
        (without, "there is no key in PEM"),
    ] {
        let (new, record, said) = step(&damaged, &[&first, &last], NOW);
        let begin = format!("damage: the one before cannot be used: {reason}");
        assert!(said.starts_with(&begin), "{reason}: {said}");
        assert!(!said.contains("geheim"), "values are secrets: {said}");
        let expected = [record.authority.clone(), first.authority.clone(), last.authority.clone()];
        assert_eq!(record.trusted, expected, "{reason}");
        assert_eq!(step(&new, &[], NOW).2, "", "{reason}");
    }
    let (_, record, said) = step(&data, &[&first], NOW + 90 * DAY + 1);
    assert!(said.contains("expired"), "{said}");
    assert_eq!(record.trusted, vec![record.authority.clone()], "an expired authority is of no use");
}

#[test]
fn an_emptied_secret_is_filled_and_its_other_values_stay() {
    let (_, first, _) = step(&Data::new(), &[], NOW);
    let mut data = Data::new();
    data.insert("note".to_owned(), ByteString(b"ours".to_vec()));
    data.insert("tls.crt".to_owned(), ByteString(Vec::new()));
    let (new, record, said) = step(&data, &[&first], NOW + 1);
    assert_eq!(said, "there was none");
    assert_eq!(record.trusted, [record.authority.clone(), first.authority]);
    assert_eq!((text(&new, "note").as_str(), new.len()), ("ours", 4));
    // Once more when all replicas show it, as after a key has leaked, while clients still trust both.
    let told = record.trusted.clone();
    let again = Step::of(&data, &wanted(), &[&record.authority], &told, NOW + 2).unwrap();
    let (_, last, _) = said_of(again, &data);
    assert_eq!(
        last.trusted,
        [last.authority.clone(), record.authority],
        "the first one is trusted no longer"
    );
}

/// As a backup does it, or a tool that keeps objects as a repository has them.
#[test]
fn who_puts_back_an_older_secret_cuts_nobody_off() {
    let (old, first, _) = step(&Data::new(), &[], NOW);
    let (_, shown, _) = step(&Data::new(), &[], NOW + 1);
    let (mended, record, said) = step(&old, &[&shown], NOW + 2);
    assert_eq!(said, "the authority of a certificate that may be shown was not there");
    assert_eq!(record.trusted, [first.authority.clone(), shown.authority.clone()]);
    assert_eq!(
        (text(&mended, "tls.crt"), text(&mended, "tls.key")),
        (text(&old, "tls.crt"), text(&old, "tls.key"))
    );
    let (_, _, said) = step(&mended, &[&shown], NOW + 3);
    assert_eq!(said, "", "and then it is as it should be");
}

#[test]
fn a_new_replica_keeps_what_clients_trust_where_the_secret_tells_nothing() {
    let (data, first, _) = step(&Data::new(), &[], NOW);
    let told = [first.authority.clone()];
    let (_, record, _) =
        said_of(Step::of(&Data::new(), &wanted(), &[], &told, NOW + 1).unwrap(), &Data::new());
    assert_eq!(record.trusted, [record.authority.clone(), first.authority.clone()]);
    let (other, stranger, _) = step(&Data::new(), &[], NOW);
    assert!(other != data);
    let renewed = Step::of(&data, &wanted(), &[], &[stranger.authority], NOW + 60 * DAY).unwrap();
    let (_, record, _) = said_of(renewed, &data);
    assert_eq!(
        record.trusted,
        [record.authority.clone(), first.authority],
        "a Secret that is good tells all"
    );
}

#[test]
fn what_clients_trust_is_read_from_our_own_webhooks() {
    let (_, record, _) = step(&Data::new(), &[], NOW);
    let (_, other, _) = step(&Data::new(), &[], NOW);
    let own = service("podgate", "podgate");
    let seen = configuration([Some(&record.bundle()), Some("no PEM"), Some(&other.bundle()), None]);
    assert_eq!(seen.trusts(&own), [record.authority]);
}

fn configuration(bundles: [Option<&str>; 4]) -> Seen {
    let bundle = |at: usize| bundles[at].map(|text| ByteString(text.as_bytes().to_vec()));
    let webhook = |name: &str, client: Value, at: usize| {
        let mut webhook = json!({"name": name, "admissionReviewVersions": ["v1"], "sideEffects": "None",
            "clientConfig": client});
        webhook["clientConfig"]["caBundle"] = json!(bundle(at));
        webhook
    };
    let of = |namespace: &str, name: &str| json!({"service": {"namespace": namespace, "name": name}});
    let all = json!({"metadata": {"name": "podgate", "resourceVersion": "7"}, "webhooks": [
        webhook("pods.podgate.dev", of("podgate", "podgate"), 0),
        webhook("workloads.podgate.dev", of("podgate", "podgate"), 1),
        webhook("other.example.com", of("other", "podgate"), 2),
        webhook("url.example.com", json!({"url": "https://podgate.podgate.svc/validate"}), 3)]});
    Seen::Webhooks(serde_json::from_value::<ValidatingWebhookConfiguration>(all).unwrap())
}

#[test]
fn only_our_own_webhooks_are_told_and_only_what_they_do_not_know() {
    let own = service("podgate", "podgate");
    let of = |seen: Seen| seen.patch(&own, "AB").unwrap();
    let patch = |names: &[&str]| {
        let webhooks: Vec<Value> =
            names.iter().map(|name| json!({"name": name, "clientConfig": {"caBundle": "QUI="}})).collect();
        Some(json!({"metadata": {"resourceVersion": "7"}, "webhooks": webhooks}))
    };
    assert_eq!(of(configuration([None; 4])), patch(&["pods.podgate.dev", "workloads.podgate.dev"]));
    assert_eq!(of(configuration([Some("AB"), Some("A"), None, None])), patch(&["workloads.podgate.dev"]));
    assert_eq!(of(configuration([Some("AB"), Some("AB"), Some("C"), None])), None);
    assert!(configuration([None; 4]).has_own(&own));
    assert!(!configuration([None; 4]).has_own(&service("podgate", "else")));
}

#[test]
fn a_provider_of_the_service_is_told() {
    let own = service("podgate", "podgate");
    let provider = |url: &str, bundle: Option<&str>| {
        let object = json!({"apiVersion": "externaldata.gatekeeper.sh/v1beta1", "kind": "Provider",
            "metadata": {"name": "podgate", "resourceVersion": "9"}, "spec": {"url": url, "caBundle": bundle}});
        Seen::Provider(serde_json::from_value(object).unwrap())
    };
    let patch = json!({"metadata": {"resourceVersion": "9"}, "spec": {"caBundle": "QUI="}});
    for url in ["https://podgate.podgate.svc:443/external-data", "https://Podgate.podgate/external-data"] {
        assert!(provider(url, None).has_own(&own), "{url}");
        for (bundle, expected) in [(None, Some(&patch)), (Some("QQ=="), Some(&patch)), (Some("QUI="), None)] {
            assert_eq!(provider(url, bundle).patch(&own, "AB").unwrap().as_ref(), expected, "{url}");
        }
    }
    let bundle = json!(ByteString(step(&Data::new(), &[], NOW).1.bundle().into_bytes()));
    let bundle = bundle.as_str();
    assert_eq!(provider("https://podgate.podgate.svc", bundle).trusts(&own).len(), 1);
    for url in [
        "https://podgate.other.svc:443/external-data",
        "https://other.podgate.svc",
        "podgate",
        "",
        "https://",
    ] {
        let other = provider(url, bundle);
        assert_eq!((other.has_own(&own), other.patch(&own, "AB").unwrap()), (false, None), "{url}");
        assert_eq!(other.trusts(&own), [], "{url}");
    }
}

#[test]
fn authorities_are_told_apart() {
    let (first, second) = (wanted().make(NOW).unwrap().1, wanted().make(NOW + 1).unwrap().1);
    let all = authorities(&format!("a note\n{}\n{}", second.pem, first.pem)).unwrap();
    assert_eq!(all.iter().map(|own| own.expires).collect::<Vec<_>>(), [second.expires, first.expires]);
    assert!(all[1] == first && all[0].pem.ends_with(second.pem.as_str()));
}
