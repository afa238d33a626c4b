//! The heads of rules, and definitions that meet.

use std::collections::BTreeMap;

use regorus::unstable::{Expr, Literal, Query, Ref, Rule, RuleHead};

use super::{Linter, walk};

/// The name that a rule is defined under.
pub(super) fn name(rule: &Rule) -> &str {
    walk::root(reference(rule)).unwrap_or_default()
}

fn reference(rule: &Rule) -> &Expr {
    match rule {
        Rule::Default { refr, .. } => refr,
        Rule::Spec { head, .. } => match head {
            RuleHead::Compr { refr, .. } | RuleHead::Set { refr, .. } | RuleHead::Func { refr, .. } => refr,
        },
    }
}

/// The expressions in a head.
pub(super) fn exprs(head: &RuleHead) -> Vec<&Expr> {
    match head {
        RuleHead::Set { key, .. } => key.iter().map(AsRef::as_ref).collect(),
        RuleHead::Compr { assign, .. } | RuleHead::Func { assign, .. } => {
            assign.iter().map(|assign| assign.value.as_ref()).collect()
        }
    }
}

/// Checks the heads of all rules of a module.
pub(super) fn check(rules: &[&Rule], linter: &mut Linter) {
    let mut definitions: BTreeMap<&str, Vec<Definition<'_>>> = BTreeMap::new();
    for rule in rules {
        form(rule, linter);
        let Rule::Spec { head, bodies, .. } = rule else { continue };
        for pair in bodies.windows(2) {
            if let [body, next] = pair
                && next.is_else
                && loops(&body.query)
            {
                let reason = "in one engine the `else` behind a body that loops and finds nothing is not tried: count \
                              the elements of a comprehension instead";
                linter.add(&body.span, "loop-before-else", reason);
            }
        }
        let (args, assign) = match head {
            RuleHead::Set { .. } => continue,
            RuleHead::Compr { refr, assign, .. } if matches!(refr.as_ref(), Expr::Var { .. }) => {
                (&[][..], assign)
            }
            RuleHead::Compr { .. } => continue,
            RuleHead::Func { args, assign, .. } => (args.as_slice(), assign),
        };
        let value = assign.as_ref().map(|assign| assign.value.as_ref());
        definitions.entry(name(rule)).or_default().push(Definition { rule, args, value });
    }
    for (name, own) in definitions {
        for (index, later) in own.iter().enumerate() {
            if own.iter().take(index).any(|earlier| earlier.meets(later)) {
                let reason = format!(
                    "`{name}` is defined twice with values that may differ: where both definitions hold it is an error \
                     in OPA and undefined here; write `else`"
                );
                linter.add(later.rule.span(), "overlapping-definitions", reason);
            }
        }
    }
}

struct Definition<'r> {
    rule: &'r Rule,
    args: &'r [Ref<Expr>],
    /// `None` is `true`.
    value: Option<&'r Expr>,
}

impl Definition<'_> {
    /// Whether both may hold at once, with different values.
    fn meets(&self, other: &Self) -> bool {
        let differ = |(one, other): (&Ref<Expr>, &Ref<Expr>)| {
            walk::is_literal(one) && walk::is_literal(other) && walk::text(one) != walk::text(other)
        };
        let is_settled = |value: Option<&Expr>| value.is_none_or(walk::is_literal);
        let text = |value: Option<&Expr>| value.map_or("true".to_owned(), walk::text);
        let same = is_settled(self.value) && is_settled(other.value) && text(self.value) == text(other.value);
        !same && !self.args.iter().zip(other.args).any(differ)
    }
}

fn form(rule: &Rule, linter: &mut Linter) {
    if let Rule::Default { args, refr, .. } = rule
        && !args.is_empty()
    {
        linter.add(
            refr.span(),
            "default-function",
            "a default for a function is not known to the faster engine: use `else`",
        );
    }
    let refr = reference(rule);
    let is_set = matches!(rule, Rule::Spec { head: RuleHead::Set { .. }, .. });
    let is_deep = match refr {
        Expr::RefDot { .. } => true,
        // `table[key] := value` is known everywhere.
        Expr::RefBrack { refr, index, .. } => {
            is_set || walk::is_ref(refr) || matches!(index.as_ref(), Expr::String { .. })
        }
        _ => false,
    };
    if is_deep {
        let reason =
            "a rule whose name is a path is read differently by the engines: define the object as a whole";
        linter.add(refr.span(), "ref-head", reason);
    }
    if let Rule::Spec { head: RuleHead::Set { key: Some(key), .. }, .. } = rule
        && !walk::is_plain(key)
    {
        let reason = "a head that is undefined once takes the rule's other members with it in one engine: bind its parts \
                      in the body";
        linter.add(key.span(), "partial-head", reason);
    }
}

/// Whether a body goes over a collection.
fn loops(query: &Query) -> bool {
    query.stmts.iter().any(|statement| match &statement.literal {
        Literal::SomeIn { .. } | Literal::SomeVars { .. } => true,
        Literal::Expr { expr, .. } => has_wildcard(expr),
        Literal::NotExpr { .. } | Literal::Every { .. } => false,
    })
}

fn has_wildcard(expr: &Expr) -> bool {
    let own = match expr {
        Expr::RefBrack { index, .. } => {
            matches!(index.as_ref(), Expr::Var { span, .. } if span.text() == "_")
        }
        _ => false,
    };
    own || walk::children(expr).into_iter().any(has_wildcard)
}
