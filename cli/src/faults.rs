//! Errors of kube-rs in words: what a person has to know, in one line, and nothing secret.

use std::error::Error;

use kube::client::AuthError;
use kube::config::KubeconfigError;
use kube::core::Status;

/// Most that is told of what a server said, in characters.
const LONGEST: usize = 400;

/// What went wrong: what was to be done, as far as the error says it, and the cause, which says the most.
pub(crate) fn reason(error: &(dyn Error + 'static)) -> String {
    told(error, None)
}

/// The same of an API server, which is named (as `Found` shows it) where there is no answer of it.
pub(crate) fn reason_of(server: &str, error: &(dyn Error + 'static)) -> String {
    told(error, Some(server))
}

fn told(error: &(dyn Error + 'static), server: Option<&str>) -> String {
    if let Some(fault) = fault(error) {
        return fault;
    }
    let mut said = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        match error.downcast_ref::<kube::Error>() {
            Some(kube::Error::Api(status)) => return join(said, &answer(status)),
            Some(error) => {
                let cause = innermost(error);
                let of = |server| format!("the API server {server} cannot be asked: {cause}");
                return join(said, &server.map_or_else(|| cause.clone(), of));
            }
            None => {}
        }
        if let Some(status) = error.downcast_ref::<Box<Status>>() {
            return join(said, &answer(status));
        }
        // What is told of the cause is told in its own turn, of which some texts have all that its type holds.
        let (own, cause) = (error.to_string(), error.source().map(ToString::to_string));
        let without =
            cause.and_then(|cause| Some(own.strip_suffix(&cause)?.trim_end_matches(": ").to_owned()));
        let own = one_line(&without.unwrap_or(own));
        // Some tell their source themselves.
        if !said.contains(&own) {
            said = join(said, &own);
        }
        next = error.source();
    }
    said
}

/// What an API server answers that does not do as it is asked.
pub(crate) fn answer(status: &Status) -> String {
    let said = if status.message.is_empty() { &status.reason } else { &status.message };
    format!("the API server answers {}: {}", status.code, one_line(said))
}

/// The beginning of what a server said, without line breaks.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect()
}

/// The cause of an error. Those before it name the layers of the client.
fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    let text = cause.to_string();
    one_line(text.split(" (os error").next().unwrap_or_default())
}

fn join(mut said: String, more: &str) -> String {
    if !said.is_empty() {
        said.push_str(": ");
    }
    said.push_str(more);
    said
}

/// The part of an error that is about credentials, or about a file that holds them, in words that hold none; `None`
/// where it is about something else. kube-rs says how a plugin was called and what it printed.
fn fault(error: &(dyn Error + 'static)) -> Option<String> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(auth) = error.downcast_ref::<AuthError>() {
            return Some(of_auth(auth));
        }
        if let Some(kube::Error::Auth(auth)) = error.downcast_ref() {
            return Some(of_auth(auth));
        }
        if let Some(fault) = error.downcast_ref().and_then(of_kubeconfig) {
            return Some(fault);
        }
        next = error.source();
    }
    None
}

/// kube-rs names the file again, and shows the lines around a fault, in which tokens may stand.
fn of_kubeconfig(error: &KubeconfigError) -> Option<String> {
    match error {
        KubeconfigError::ReadConfig(error, _) => Some(one_line(&error.to_string())),
        KubeconfigError::Parse(error) => {
            let place = error.location().filter(|place| place.line() > 0);
            let place = place.map(|place| format!(" (line {}, column {})", place.line(), place.column()));
            Some(format!("it is no kubeconfig{}", place.unwrap_or_default()))
        }
        _ => None,
    }
}

fn of_auth(error: &AuthError) -> String {
    match error {
        AuthError::AuthExecStart(cause) => {
            format!("the credential plugin cannot be started: {}", cause.kind())
        }
        AuthError::AuthExecRun { out, .. } => format!("the credential plugin failed ({})", out.status),
        AuthError::AuthExecParse(_) | AuthError::ExecPluginFailed => {
            "what the credential plugin printed is no ExecCredential".to_owned()
        }
        AuthError::ReadTokenFile(cause, path) => {
            format!("the token cannot be read from `{}`: {}", path.display(), cause.kind())
        }
        AuthError::MissingCommand => "the credential plugin has no command".to_owned(),
        _ => "the credentials cannot be used".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use kube::runtime::watcher;

    use super::*;

    #[test]
    fn nothing_of_a_plugin_is_told_but_how_it_ended() {
        let out = Command::new("sh").args(["-c", "echo geheim; exit 3"]).output().unwrap();
        let auth =
            || AuthError::AuthExecRun { cmd: "TOKEN=geheim sh".to_owned(), out: Box::new(out.clone()) };
        let expected = Some("the credential plugin failed (exit status: 3)".to_owned());
        assert_eq!(fault(&auth()), expected);
        assert_eq!(fault(&kube::Error::Auth(auth())), expected);
        let service = kube::Error::Service(Box::new(auth()));
        assert_eq!(fault(&service), expected);
        let context = anyhow::Error::new(service).context("cannot connect");
        assert_eq!(fault(context.as_ref()), expected);
        assert_eq!(Some(reason(context.as_ref())), expected);
        assert_eq!(fault(&std::io::Error::other("else")), None);
    }

    #[test]
    fn an_answer_of_the_api_server_is_told_once_and_without_its_type() {
        let status = Status { code: 403, message: "no\nright".to_owned(), ..Default::default() };
        let error = anyhow::Error::from(kube::Error::Api(Box::new(status))).context("cannot read it");
        assert_eq!(reason(error.as_ref()), "cannot read it: the API server answers 403: no right");
        let status = Status { code: 410, reason: "Expired".to_owned(), ..Default::default() };
        assert_eq!(answer(&status), "the API server answers 410: Expired");
    }

    #[test]
    fn an_answer_to_a_watch_is_told_likewise() {
        let status = || {
            let message = "namespaces is forbidden".to_owned();
            Box::new(Status { code: 403, message, reason: "Forbidden".to_owned(), ..Default::default() })
        };
        let listed = watcher::Error::InitialListFailed(kube::Error::Api(status()));
        let answers = "the API server answers 403: namespaces is forbidden";
        assert_eq!(reason(&listed), format!("failed to perform initial object list: {answers}"));
        let watched = watcher::Error::WatchError(status());
        assert_eq!(reason(&watched), format!("error returned by apiserver during watch: {answers}"));
    }

    #[test]
    fn of_what_never_was_an_answer_the_cause_is_told() {
        let refused = std::io::Error::from_raw_os_error(111);
        let error = kube::Error::Service(Box::new(std::io::Error::other(refused)));
        let expected = std::io::Error::from_raw_os_error(111).to_string();
        assert_eq!(format!("{} (os error 111)", reason(&error)), expected);
        assert_eq!(reason(&kube::Error::Service("a\nb".into())), "a b");
        let error = anyhow::Error::from(kube::Error::Service("a".into())).context("cannot read Secret `a/b`");
        let expected = "cannot read Secret `a/b`: the API server `https://c` cannot be asked: a";
        assert_eq!(reason_of("`https://c`", error.as_ref()), expected);
    }
}
