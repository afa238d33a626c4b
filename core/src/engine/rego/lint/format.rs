//! `sprintf`: where verbs and arguments do not fit, the violation vanishes.

use regorus::unstable::{Expr, Ref, Span};

use super::Linter;
use super::defined::Scope;

pub(super) fn check(params: &[Ref<Expr>], at: &Span, scope: &Scope, linter: &mut Linter) {
    let [format, arguments] = params else { return };
    let Some(text) = scope.text(format) else {
        return linter.add(
            at,
            "sprintf-format",
            "the format of `sprintf` is not written out, so nobody can check it",
        );
    };
    let (wanted, wrong) = verbs(text);
    if let Some(verb) = wrong {
        let reason = format!("`%{verb}` in `sprintf` differs between the engines: use `%v`");
        linter.add(format.span(), "sprintf-verb", reason);
    }
    match arguments.as_ref() {
        Expr::Array { items, .. } if items.len() == wanted => {}
        Expr::Array { items, .. } => {
            let reason = format!(
                "`sprintf` has {wanted} verbs and {} arguments: the result is undefined here, and the finding is lost",
                items.len()
            );
            linter.add(at, "sprintf-arguments", reason);
        }
        _ => linter.add(
            at,
            "sprintf-arguments",
            "the arguments of `sprintf` are not written out, so they cannot be counted",
        ),
    }
}

/// How many verbs a format has, and the first that is not `%v`.
fn verbs(format: &str) -> (usize, Option<String>) {
    let (mut count, mut wrong) = (0, None);
    let mut rest = format.chars();
    while let Some(one) = rest.next() {
        if one != '%' {
            continue;
        }
        match rest.next() {
            Some('%') => {}
            Some('v') => count += 1,
            verb => {
                count += 1;
                wrong = wrong.or_else(|| Some(verb.map(String::from).unwrap_or_default()));
            }
        }
    }
    (count, wrong)
}
