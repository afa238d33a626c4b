//! What may be told of credentials that could not be had. kube-rs says how a plugin was called and what it printed, which
//! are secrets.

use std::error::Error;

use kube::client::AuthError;

/// The part of an error that is about credentials, in words that hold none; `None` where it is about something else.
pub(crate) fn fault(error: &(dyn Error + 'static)) -> Option<String> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(auth) = error.downcast_ref::<AuthError>() {
            return Some(of_auth(auth));
        }
        if let Some(kube::Error::Auth(auth)) = error.downcast_ref() {
            return Some(of_auth(auth));
        }
        if let Some(
            kube::Error::ProxyProtocolDisabled { .. } | kube::Error::ProxyProtocolUnsupported { .. },
        ) = error.downcast_ref()
        {
            return Some("`proxy-url` of the kubeconfig is not supported".to_owned());
        }
        next = error.source();
    }
    None
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
        assert_eq!(fault(&std::io::Error::other("else")), None);
    }
}
