//! What works in one engine and not in another, found by reading.
//!
//! OPA, Gatekeeper and the two engines of this library differ in silence in some places: a verdict vanishes, or one
//! too many appears. These rules name the forms to avoid; `docs/style.md` says why. They warn of what is decidable
//! from one file, and pass over what fails loudly anyway (iterating over a value that is no collection).

mod defined;
mod format;
mod heads;
#[cfg(test)]
mod tests;
mod walk;

use regorus::Source;
use regorus::unstable::{Expr, Literal, Query, Rule, Span};

use self::defined::Scope;
use super::{Module, parse, words};

/// Brackets nested deeper than this take the parser noticeably long: the time doubles with each level.
const MOST_NESTED: usize = 12;

/// A form that is not the same everywhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Lint {
    /// Line from 1.
    pub(crate) line: u32,
    /// Column from 1.
    pub(crate) column: u32,
    /// The name of the rule, as in `docs/style.md`.
    pub(crate) rule: &'static str,
    /// What differs, in one line.
    pub(crate) reason: String,
}

/// Everything in a module that is not the same everywhere, in the order of the text. Rules `test_…` are left alone.
pub(crate) fn lint(module: &Module) -> Vec<Lint> {
    let mut linter = Linter::default();
    linter.imports(module);
    let source = Source::from_contents(module.file.path.clone(), module.file.text.clone());
    let Ok(source) = source else { return linter.found };
    if let Ok(tokens) = words::tokens(&source)
        && let Some(deep) = words::deeper_than(&tokens, MOST_NESTED)
    {
        let reason = format!(
            "brackets are nested deeper than {MOST_NESTED}: each level doubles the time to read them"
        );
        linter.add(deep, "nesting", reason);
    }
    if let Ok(syntax) = parse(&source, !module.v0) {
        let rules: Vec<&Rule> = syntax.policy.iter().map(AsRef::as_ref).collect();
        let rules: Vec<&Rule> =
            rules.into_iter().filter(|rule| !heads::name(rule).starts_with("test_")).collect();
        heads::check(&rules, &mut linter);
        for rule in rules {
            linter.rule(rule);
        }
    }
    linter.found.sort();
    linter.found.dedup();
    linter.found
}

#[derive(Default)]
struct Linter {
    found: Vec<Lint>,
}

impl Linter {
    fn add(&mut self, at: &Span, rule: &'static str, reason: impl Into<String>) {
        // The engine counts a tab as several columns.
        let start = usize::try_from(at.start).unwrap_or_default();
        let before = at.source.contents().get(..start).and_then(|text| text.rsplit('\n').next());
        let column = before.and_then(|line| u32::try_from(line.chars().count()).ok()).unwrap_or_default() + 1;
        self.found.push(Lint { line: at.line, column, rule, reason: reason.into() });
    }

    fn imports(&mut self, module: &Module) {
        if !module.v0 && !module.language_imports.contains("rego.v1") {
            let reason =
                "`import rego.v1` is missing: without it OPA before 1.0 reads another language".to_owned();
            self.found.push(Lint { line: 1, column: 1, rule: "rego-v1-import", reason });
        }
        let negation = module.rules.iter().flat_map(|rule| &rule.words).find(|word| word.text == "not");
        if let Some(word) = negation.filter(|_| !module.v0 && module.negates_without_import()) {
            let reason = "`import future.keywords.not` is missing: without it `not f(undefined)` means one thing here \
                          and another in OPA";
            let (line, column) = (word.line, word.column);
            self.found.push(Lint { line, column, rule: "not-import", reason: reason.to_owned() });
        }
    }

    fn rule(&mut self, rule: &Rule) {
        match rule {
            Rule::Default { value, .. } => self.expr(value, &Scope::default()),
            Rule::Spec { head, bodies, .. } => {
                for expr in heads::exprs(head) {
                    self.expr(expr, &Scope::default());
                }
                for body in bodies {
                    let scope = self.query(&body.query, &Scope::default());
                    if let Some(assign) = &body.assign {
                        self.expr(&assign.value, &scope);
                    }
                }
            }
        }
    }

    /// Checks a body and gives what is known behind it.
    fn query(&mut self, query: &Query, outer: &Scope) -> Scope {
        let mut scope = outer.clone();
        for statement in &query.stmts {
            if let Some(with) = statement.with_mods.first() {
                self.add(
                    &with.span,
                    "with-modifier",
                    "`with` is not known to the faster engine: keep it to tests",
                );
            }
            match &statement.literal {
                Literal::SomeVars { .. } => {}
                Literal::SomeIn { key, value, collection, .. } => {
                    self.expr(collection, &scope);
                    scope.iterate(key.iter().chain([value]), collection);
                    scope.see(collection);
                }
                Literal::NotExpr { expr, .. } => self.expr(expr, &scope),
                Literal::Every { value, domain, query, .. } => {
                    self.expr(domain, &scope);
                    let mut inner = scope.clone();
                    inner.take(value.text(), domain);
                    self.query(query, &inner);
                }
                Literal::Expr { expr, .. } => self.statement(expr, &mut scope),
            }
        }
        scope
    }

    fn statement(&mut self, expr: &Expr, scope: &mut Scope) {
        if let Expr::AssignExpr { op, lhs, rhs, .. } = expr {
            self.expr(rhs, scope);
            if *op == regorus::unstable::AssignOp::ColEq {
                if let Some(open) = scope.undefined(rhs) {
                    let reason = format!(
                        "`{}` may be undefined, which does not end the body in one engine: write `=` for `:=`",
                        walk::text(open)
                    );
                    self.add(open.span(), "undefined-assignment", reason);
                }
            } else {
                scope.see(rhs);
                scope.see(lhs);
            }
            scope.assign(lhs, rhs);
        } else {
            self.expr(expr, scope);
            scope.see(expr);
        }
    }

    /// Checks an expression and everything in it.
    fn expr(&mut self, expr: &Expr, scope: &Scope) {
        match expr {
            Expr::Call { fcn, params, span, .. } => match fcn.span().text() {
                "sprintf" => format::check(params, span, scope, self),
                "print" => self.add(
                    span,
                    "print-call",
                    "`print` is not known to the faster engine: keep it to tests",
                ),
                "walk" => self.add(
                    span,
                    "walk-call",
                    "`walk` gives nothing in either engine of podgate: name the fields",
                ),
                _ => {}
            },
            Expr::ArrayCompr { term, query, .. } => return self.comprehension(&[term], query, scope, true),
            Expr::SetCompr { term, query, .. } => return self.comprehension(&[term], query, scope, false),
            Expr::ObjectCompr { key, value, query, .. } => {
                return self.comprehension(&[key, value], query, scope, true);
            }
            _ => {}
        }
        for child in walk::children(expr) {
            self.expr(child, scope);
        }
    }

    /// `keeps` says whether the engines keep an undefined head: in sets they do not.
    fn comprehension(&mut self, heads: &[&Expr], query: &Query, scope: &Scope, keeps: bool) {
        let inner = self.query(query, scope);
        for head in heads {
            self.expr(head, &inner);
            if let Some(open) = inner.undefined(head).filter(|_| keeps) {
                let reason = format!(
                    "`{}` may be undefined, and one engine keeps it as an element: bind it in the body with `=`",
                    walk::text(open)
                );
                self.add(open.span(), "comprehension-head", reason);
            }
        }
    }
}
