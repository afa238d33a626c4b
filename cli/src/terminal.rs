//! What the terminal, if there is one, can show.

use std::io::Write;

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use anstyle::Style;
use podgate::render::text::Options;

/// The widest that notes are set: longer lines are hard to read.
const WIDEST: u16 = 110;

/// The looks of text on `stream`: coloured by its kind, `--color`, `NO_COLOR`, `CLICOLOR_FORCE` and `TERM`.
pub(crate) fn options<S: RawStream>(stream: &S) -> Options<'static> {
    let width = stream.is_terminal().then(terminal_size::terminal_size).flatten();
    Options {
        color: AutoStream::choice(stream) != ColorChoice::Never,
        width: width.map(|(width, _)| usize::from(width.0.min(WIDEST))),
        ..Options::default()
    }
}

/// `text` in bold, where there is colour.
pub(crate) fn bold(text: &str, color: bool) -> String {
    let style = if color { Style::new().bold() } else { Style::new() };
    format!("{style}{text}{style:#}")
}

/// Standard output, buffered.
pub(crate) fn stdout() -> impl Write {
    std::io::BufWriter::new(std::io::stdout().lock())
}
