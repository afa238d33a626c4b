//! Where the values stand that are not known.

use std::io::{self, Write};

use crate::document::{self, Document, DocumentError, Limits};
use crate::position::PositionEncoding;
use crate::render::Sources;
use crate::render::escape::visible;
use crate::render::place::{self, count};
use crate::report::{Report, SubjectEntry};

/// Places of values of one subject that are named before the rest is counted.
const PLACES: usize = 8;

/// One line for each subject that has such values: their lines and columns, or their pointers where the text is no
/// longer at hand.
pub(super) fn write(report: &Report, sources: Sources<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut told = false;
    let mut read = Read { sources, name: None, documents: Vec::new() };
    for subject in report.subjects.iter().filter(|subject| !subject.unresolved.is_empty()) {
        let first = subject.unresolved.iter().take(PLACES).map(|pointer| read.place(subject, pointer));
        let mut places = first.collect::<Vec<_>>().join(", ");
        let all = subject.unresolved.len();
        if all > PLACES {
            places.push_str(&format!(" and {} more, all in `--format json`", all - PLACES));
        }
        let named = place::subject_with_pods(subject);
        let (source, named) = (visible(&subject.object.source), visible(&named));
        writeln!(out, "{source}: {named}: {} unknown at {places}", count(all, "value"))?;
        told = true;
    }
    if told {
        writeln!(out)?;
    }
    Ok(())
}

/// The documents of the source that was asked for last: subjects of one stand behind each other.
struct Read<'s> {
    sources: Sources<'s>,
    name: Option<String>,
    documents: Vec<Result<Document, DocumentError>>,
}

impl Read<'_> {
    fn place(&mut self, subject: &SubjectEntry, pointer: &str) -> String {
        let source = &subject.object.source;
        if self.name.as_ref() != Some(source) {
            self.name = Some(source.clone());
            let text = (self.sources)(source);
            let read = |text: &str| document::read_as(None, source, text, &Limits::default());
            self.documents = text.map(|text| read(&text)).unwrap_or_default();
        }
        let document = self.documents.get(subject.object.document).and_then(|one| one.as_ref().ok());
        // The text may have been read as something else.
        let key = pointer
            .match_indices('/')
            .nth(1)
            .map_or(pointer, |(end, _)| pointer.get(..end).unwrap_or(pointer));
        let document = document.filter(|one| one.look(key).is_some());
        match document.and_then(|one| one.span(pointer, PositionEncoding::default())) {
            Some(span) => format!("{}:{}", span.start.line, span.start.column),
            None => visible(pointer).into_owned(),
        }
    }
}
