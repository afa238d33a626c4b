//! The proxy on the way to an API server, chosen as kubectl does it: the one that the kubeconfig names for the cluster,
//! else that of the environment, unless `NO_PROXY` or a loopback address leads past it.

use std::env;
use std::net::IpAddr;

use anyhow::{Context, Result, bail, ensure};
use hyper::Uri;
use hyper_util::client::proxy::matcher::Matcher;

/// Schemes of proxies that can be gone through. One of TLS would be held to the cluster's authority, which is not its own.
const SCHEMES: [&str; 2] = ["http", "socks5"];

/// The proxy to a server, where there is one.
pub(super) fn to(server: &Uri, named: Option<&str>) -> Result<Option<Uri>> {
    if let Some(named) = named.filter(|named| !named.is_empty()) {
        return parsed(named).context("`proxy-url` cannot be used").map(Some);
    }
    of_environment(server, |name| env::var(name).ok())
}

fn of_environment(server: &Uri, get: impl Fn(&str) -> Option<String>) -> Result<Option<Uri>> {
    let first = |names: [&'static str; 2]| {
        names.into_iter().find_map(|name| Some((name, get(name).filter(|text| !text.is_empty())?)))
    };
    let names = match server.scheme_str() {
        Some("http") => ["HTTP_PROXY", "http_proxy"],
        _ => ["HTTPS_PROXY", "https_proxy"],
    };
    let Some((name, proxy)) = first(names) else { return Ok(None) };
    let exceptions = first(["NO_PROXY", "no_proxy"]).map(|(_, text)| text).unwrap_or_default();
    let mut exceptions = exceptions.split(',').map(str::trim).filter(|entry| !entry.is_empty());
    if is_loopback(server) || exceptions.any(|entry| is_named(server, entry)) {
        return Ok(None);
    }
    parsed(&proxy).with_context(|| format!("`{name}` of the environment cannot be used")).map(Some)
}

/// Whether an entry of `NO_PROXY` names the server, as Go reads it (`golang.org/x/net/http/httpproxy`): `*`, an address
/// or a range of them, a domain with all below it, or what is below it alone; but for the range with a port behind it.
fn is_named(server: &Uri, entry: &str) -> bool {
    let (name, port) = match entry.rsplit_once(':') {
        Some((name, port)) if name.ends_with(']') || !name.contains(':') => {
            (name.trim_matches(['[', ']']), port)
        }
        _ => (entry, ""),
    };
    let usual = if server.scheme_str() == Some("http") { 80 } else { 443 };
    let is_its_port = port.is_empty() || port.parse() == Ok(server.port_u16().unwrap_or(usual));
    if name == "*" || name.is_empty() || !is_its_port {
        return entry == "*";
    }
    let host = host(server);
    if host.parse::<IpAddr>().is_ok() {
        // Only whether the exception holds is asked of it: what it makes of a proxy leaves out who is allowed to.
        return Matcher::builder().all("http://proxy").no(name).build().intercept(server).is_none();
    }
    let name = name.to_ascii_lowercase();
    let below = name.strip_prefix('*').unwrap_or(&name).strip_prefix('.');
    let rest = host.strip_suffix(below.unwrap_or(&name));
    rest.is_some_and(|rest| rest.ends_with('.') || (below.is_none() && rest.is_empty()))
}

fn host(server: &Uri) -> String {
    server.host().unwrap_or_default().trim_matches(['[', ']']).to_ascii_lowercase()
}

fn is_loopback(server: &Uri) -> bool {
    let host = host(server);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// What a proxy may hold that is secret is never told.
fn parsed(text: &str) -> Result<Uri> {
    // As Go reads it, which kubectl is written in.
    let whole = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let Ok(uri) = whole.parse::<Uri>() else { bail!("it is no URL") };
    let scheme = uri.scheme_str().unwrap_or_default();
    ensure!(
        SCHEMES.contains(&scheme),
        "its scheme is `{scheme}`, expected one of `{}`",
        SCHEMES.join("`, `")
    );
    ensure!(uri.host().is_some_and(|host| !host.is_empty()), "it names no host");
    let names_user = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
    ensure!(scheme == "http" || !names_user, "a user goes with the scheme `http` alone");
    Ok(uri)
}

/// Scheme, host and port of a URL, which hold nothing secret.
pub(super) fn shown(uri: &Uri) -> String {
    let port = uri.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}", uri.scheme_str().unwrap_or_default(), uri.host().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    type Variables<'a> = &'a [(&'a str, &'a str)];

    /// The proxy in an environment of these variables.
    fn found(server: &str, variables: Variables<'_>) -> Result<Option<String>> {
        let get = |name: &str| {
            let own = variables.iter().find(|(own, _)| *own == name);
            own.map(|(_, value)| (*value).to_owned())
        };
        Ok(of_environment(&server.parse().unwrap(), get)?.map(|uri| uri.to_string()))
    }

    #[test]
    fn the_environment_names_a_proxy_and_exceptions() {
        let proxy = ("HTTPS_PROXY", "http://user:pass@proxy:3128");
        let through = Some("http://user:pass@proxy:3128/".to_owned());
        let none = None::<String>;
        let cases: [(&str, Variables<'_>, &Option<String>); 11] = [
            ("https://api.example:6443", &[proxy], &through),
            ("https://api.example:6443", &[], &none),
            ("https://api.example:6443", &[("https_proxy", "user:pass@proxy:3128")], &through),
            ("https://api.example:6443", &[("https_proxy", "user:pass@proxy:3128/")], &through),
            ("https://api.example:6443", &[("HTTP_PROXY", "http://proxy")], &none),
            ("https://api.example:6443", &[proxy, ("NO_PROXY", "other,.example")], &none),
            ("https://10.1.2.3:6443", &[proxy, ("no_proxy", "10.0.0.0/8")], &none),
            ("https://11.1.2.3:6443", &[proxy, ("no_proxy", "10.0.0.0/8")], &through),
            ("https://127.0.0.1:6443", &[proxy], &none),
            ("https://[::1]:6443", &[proxy], &none),
            ("https://localhost:6443", &[proxy], &none),
        ];
        for (server, variables, expected) in cases {
            assert_eq!(&found(server, variables).unwrap(), expected, "{server} {variables:?}");
        }
    }

    /// What Go says of the same (`httpproxy.FromEnvironment().ProxyFunc()`).
    #[test]
    fn exceptions_are_read_as_go_reads_them() {
        let passed = |server: &str, exceptions: &str| {
            found(server, &[("HTTPS_PROXY", "proxy"), ("NO_PROXY", exceptions)]).unwrap().is_none()
        };
        for (server, exceptions) in [
            ("https://api.example:6443", "example,"),
            ("https://api.example:6443", "api.example:6443"),
            ("https://API.example", "api.Example:443"),
            ("https://api.example", "*.example"),
            ("https://api.example", ".example"),
            ("https://api.example", " *"),
            ("https://10.1.2.3:6443", "10.1.2.3:6443"),
            ("https://[fd00::1]:6443", "[fd00::1]:6443"),
            ("https://[fd00::1]:6443", "fd00::1"),
            ("https://[fd00::1]:6443", "fd00::/8"),
        ] {
            assert!(passed(server, exceptions), "{server} {exceptions}");
        }
        for (server, exceptions) in [
            ("https://api.example:6443", "api.example:443,:6443,,*."),
            ("https://api.example", "*.api.example"),
            ("https://api.example", ".api.example"),
            ("https://api.example", "pi.example"),
            ("https://10.1.2.3:6443", "10.1.2.3:443"),
            ("https://[fd00::1]:6443", "[fd00::1]:443"),
            ("https://[fd00::1]:6443", "[fd00::1]"),
        ] {
            assert!(!passed(server, exceptions), "{server} {exceptions}");
        }
    }

    #[test]
    fn what_is_no_proxy_is_an_error_without_what_is_secret() {
        for (text, reason) in [
            ("ftp://user:geheim@proxy", "its scheme is `ftp`, expected one of `http`, `socks5`"),
            ("https://user:geheim@proxy", "its scheme is `https`, expected one of `http`, `socks5`"),
            ("socks5://user:geheim@proxy", "a user goes with the scheme `http` alone"),
            ("http://user:geheim@", "it is no URL"),
            ("http://user:geheim@a b", "it is no URL"),
        ] {
            let error = format!("{:#}", found("https://api.example", &[("HTTPS_PROXY", text)]).unwrap_err());
            assert_eq!(error, format!("`HTTPS_PROXY` of the environment cannot be used: {reason}"));
            let error = format!("{:#}", to(&"https://api.example".parse().unwrap(), Some(text)).unwrap_err());
            assert_eq!(error, format!("`proxy-url` cannot be used: {reason}"));
        }
    }

    #[test]
    fn addresses_are_shown_without_what_is_secret() {
        let shown = |text: &str| shown(&text.parse().unwrap());
        assert_eq!(shown("https://user:geheim@api.example:6443/k8s?a=b"), "https://api.example:6443");
        assert_eq!(shown("https://[::1]:6443"), "https://[::1]:6443");
        assert_eq!(shown("https://api.example"), "https://api.example");
    }
}
