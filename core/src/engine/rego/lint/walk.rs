//! The parts of an expression.

use regorus::unstable::Expr;

/// The expressions directly inside one; the bodies of comprehensions are not among them.
pub(super) fn children(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::Array { items, .. } | Expr::Set { items, .. } => items.iter().map(AsRef::as_ref).collect(),
        Expr::Object { fields, .. } => {
            fields.iter().flat_map(|(_, key, value)| [key.as_ref(), value.as_ref()]).collect()
        }
        Expr::Call { params, .. } => params.iter().map(AsRef::as_ref).collect(),
        Expr::UnaryExpr { expr, .. } => vec![expr],
        Expr::RefDot { refr, .. } => vec![refr],
        Expr::RefBrack { refr, index, .. } => vec![refr, index],
        Expr::BinExpr { lhs, rhs, .. }
        | Expr::BoolExpr { lhs, rhs, .. }
        | Expr::ArithExpr { lhs, rhs, .. }
        | Expr::AssignExpr { lhs, rhs, .. } => vec![lhs, rhs],
        Expr::Membership { key, value, collection, .. } => {
            key.iter().chain([value, collection]).map(AsRef::as_ref).collect()
        }
        _ => Vec::new(),
    }
}

/// The variable that a reference begins with.
pub(super) fn root(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Var { span, .. } => Some(span.text()),
        Expr::RefDot { refr, .. } | Expr::RefBrack { refr, .. } => root(refr),
        _ => None,
    }
}

/// Whether it reaches into something.
pub(super) const fn is_ref(expr: &Expr) -> bool {
    matches!(expr, Expr::RefDot { .. } | Expr::RefBrack { .. })
}

/// An expression as written, in one line.
pub(super) fn text(expr: &Expr) -> String {
    expr.span().text().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The variables of a pattern.
pub(super) fn variables(pattern: &Expr) -> Vec<&str> {
    match pattern {
        Expr::Var { span, .. } => vec![span.text()],
        Expr::Array { items, .. } => items.iter().flat_map(|item| variables(item)).collect(),
        Expr::Object { fields, .. } => fields.iter().flat_map(|(_, _, value)| variables(value)).collect(),
        _ => Vec::new(),
    }
}

/// The text of a string written out.
pub(super) fn string(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::String { value, .. } | Expr::RawString { value, .. } => {
            value.as_string().ok().map(|text| &**text)
        }
        _ => None,
    }
}

/// Whether it is a scalar written out.
pub(super) const fn is_literal(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::String { .. }
            | Expr::RawString { .. }
            | Expr::Number { .. }
            | Expr::Bool { .. }
            | Expr::Null { .. }
    )
}

/// Whether it is made of variables and literals alone, so that it is defined where its variables are.
pub(super) fn is_plain(expr: &Expr) -> bool {
    match expr {
        Expr::Var { .. } => true,
        Expr::Array { .. } | Expr::Set { .. } | Expr::Object { .. } | Expr::UnaryExpr { .. } => {
            children(expr).into_iter().all(is_plain)
        }
        expr => is_literal(expr),
    }
}
