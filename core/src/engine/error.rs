//! What the engine says when it cannot answer.

/// Why the engine could not answer, in one line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub(crate) struct EngineError {
    pub(crate) reason: String,
    /// File, line and column, where the engine says them.
    pub(crate) place: Option<(String, u32, u32)>,
}

impl EngineError {
    pub(crate) fn new(reason: impl ToString) -> Self {
        let text = reason.to_string();
        Self { reason: first_line(&text), place: place(&text) }
    }
}

/// The file, line and column in an error of the engine.
pub(super) fn place(text: &str) -> Option<(String, u32, u32)> {
    let place = text.lines().find_map(|line| line.trim_start().strip_prefix("--> "))?;
    let mut parts = place.trim_end().rsplitn(3, ':');
    let column = parts.next()?.parse().ok()?;
    let line = parts.next()?.parse().ok()?;
    Some((parts.next()?.to_owned(), line, column))
}

/// The message proper of an error of the engine, which draws an excerpt around it.
pub(super) fn first_line(text: &str) -> String {
    let message = text.lines().find_map(|line| line.trim_start().strip_prefix("error: "));
    let line =
        message.or_else(|| text.lines().find(|line| !line.trim().is_empty())).unwrap_or("no reason given");
    line.trim().trim_end_matches('.').to_owned()
}
