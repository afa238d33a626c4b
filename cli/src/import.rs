//! `podgate import`

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use podgate::document;
use podgate::import::psp;
use podgate::position::{PositionEncoding, Span};
use podgate::render::text;

use crate::args::{ImportArgs, ImportFrom, ImportPspArgs};
use crate::exit::{Shown, Status};
use crate::{output, terminal};

pub(crate) fn run(args: &ImportArgs) -> Result<Status> {
    match &args.from {
        ImportFrom::Psp(args) => from_psp(args),
    }
}

fn from_psp(args: &ImportPspArgs) -> Result<Status> {
    let name = args.file.display().to_string();
    if args.output.as_deref().is_some_and(|output| is_same(output, &args.file)) {
        bail!("--output {name} is the input");
    }
    let bytes = read(&args.file).with_context(|| format!("cannot read `{name}`"))?;
    let shown = |reason: &str, span: Option<Span>, text: Arc<str>| {
        let options = terminal::options(&io::stderr());
        Shown(text::problem(reason, &name, span, &|_| Some(Arc::clone(&text)), &options))
    };
    let text = document::decode(&name, &bytes).map_err(|error| {
        let span = error.span(PositionEncoding::default());
        shown(&error.to_string(), Some(span), document::decode_lossy(&bytes))
    })?;
    let imported = psp::import(&name, &text, args.name.as_deref())
        .map_err(|error| shown(error.reason(), error.span(), Arc::clone(&text)))?;
    match args.output.as_deref().filter(|file| !output::is_stream(file)) {
        Some(file) => output::replace(file, |out| out.write_all(imported.settings.as_bytes()))?,
        None => {
            let mut out = terminal::stdout();
            out.write_all(imported.settings.as_bytes())?;
            out.flush()?;
        }
    }
    tell(&imported)
}

/// What is not in the settings, for whoever sends them to a file.
fn tell(imported: &psp::Imported) -> Result<Status> {
    if !imported.notes.is_empty() {
        let mut err = io::stderr().lock();
        writeln!(err, "PodSecurityPolicy set the following in pods, and nothing sets it now:")?;
        for note in &imported.notes {
            writeln!(err, "  - {note}")?;
        }
    }
    Ok(Status::Clean)
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    if path.as_os_str() != "-" {
        return fs::read(path);
    }
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn is_same(output: &Path, input: &Path) -> bool {
    match (fs::canonicalize(output), fs::canonicalize(input)) {
        (Ok(output), Ok(input)) => output == input,
        _ => false,
    }
}
