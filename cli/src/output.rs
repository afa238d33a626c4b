//! Where reports go.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::ArgMatches;
use tempfile::Builder;

use crate::args::{Format, ReportArgs};

/// One report in one format.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) format: Format,
    /// Standard output where there is none.
    pub(crate) file: Option<PathBuf>,
}

/// Where one report is to go.
#[derive(Debug, PartialEq)]
enum Place {
    /// Nobody said: a file may still follow.
    Open,
    Stdout,
    File(PathBuf),
}

impl From<&PathBuf> for Place {
    fn from(path: &PathBuf) -> Self {
        if is_stream(path) { Self::Stdout } else { Self::File(path.clone()) }
    }
}

/// Whether a path means standard input or output, as it does for most programs.
pub(crate) fn is_stream(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Pairs formats and files by their order on the command line: a file takes the format before it; a file that
/// finds none free takes the next one, or text where none follows. One format may be without a file.
pub(crate) fn targets(args: &ReportArgs, matches: Option<&ArgMatches>) -> Result<Vec<Target>> {
    let places = |name: &str| {
        let typed = matches
            .filter(|matches| matches.value_source(name) == Some(clap::parser::ValueSource::CommandLine));
        typed.and_then(|matches| matches.indices_of(name)).into_iter().flatten()
    };
    let formats = places("format").zip(&args.format).map(|(place, format)| (place, Ok(*format)));
    let files = places("output").zip(&args.output).map(|(place, file)| (place, Err(file)));
    let mut items: Vec<_> = formats.chain(files).collect();
    items.sort_by_key(|(place, _)| *place);

    let mut targets: Vec<(Format, Place)> = Vec::new();
    let mut waiting: Option<Place> = None;
    for (_, item) in items {
        match (item, targets.last_mut()) {
            (Ok(format), _) => targets.push((format, waiting.take().unwrap_or(Place::Open))),
            (Err(file), Some((_, place @ Place::Open))) => *place = file.into(),
            (Err(file), _) if waiting.is_none() => waiting = Some(file.into()),
            (Err(file), _) => bail!("--output {} has no --format of its own", file.display()),
        }
    }
    if let Some(place) = waiting {
        targets.push((Format::Text, place));
    }
    if targets.is_empty() {
        targets.push((Format::Text, Place::Open));
    }
    let target = |(format, place)| match place {
        Place::Open | Place::Stdout => Target { format, file: None },
        Place::File(file) => Target { format, file: Some(file) },
    };
    let targets: Vec<Target> = targets.into_iter().map(target).collect();
    refuse_one_for_two(&targets)?;
    Ok(targets)
}

/// Of two reports in one place the second would be put over the first.
fn refuse_one_for_two(targets: &[Target]) -> Result<()> {
    if targets.iter().filter(|target| target.file.is_none()).count() > 1 {
        bail!("only one --format can go to standard output; give the others an --output each");
    }
    let mut told = HashSet::new();
    for file in targets.iter().filter_map(|target| target.file.as_deref()) {
        if !told.insert(place_of(file)) {
            bail!("only one --format can go to `{}`; give the others an --output each", file.display());
        }
    }
    Ok(())
}

/// The place that a path means, however it is spelt. The file itself need not be there yet.
fn place_of(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (fs::canonicalize(folder), file.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => file.to_owned(),
    }
}

/// Fills `path` by `write`, so that it holds all of it or what it held before.
pub(crate) fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let context = || format!("cannot write `{}`", path.display());
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        // A device or a pipe, which cannot be replaced.
        let mut file = io::BufWriter::new(fs::File::create(path).with_context(context)?);
        return write(&mut file).and_then(|()| file.flush()).with_context(context);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let temporary =
        readable(&mut Builder::new()).prefix(".podgate-").tempfile_in(folder).with_context(context)?;
    let mut file = io::BufWriter::new(temporary);
    write(&mut file).with_context(context)?;
    let temporary = file.into_inner().map_err(io::IntoInnerError::into_error).with_context(context)?;
    temporary.persist(path).with_context(context)?;
    Ok(())
}

/// With the permissions of a file that is simply created; temporary files are private otherwise.
fn readable<'b, 'p, 's>(builder: &'b mut Builder<'p, 's>) -> &'b mut Builder<'p, 's> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder
}
