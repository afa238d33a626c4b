//! `podgate export`

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Component, Path};

use anyhow::{Context as _, Result, bail};
use podgate::document::Limits;
use podgate::export::{self, Export};

use crate::args::{ExportArgs, ExportForm};
use crate::check::plan::{self, SettingsFile};
use crate::exit::Status;
use crate::{output, rego, terminal};

/// Lists what an export wrote, so that the next one into the same folder knows its own files.
const LIST: &str = ".podgate-export";

pub(crate) fn run(args: &ExportArgs) -> Result<Status> {
    let settings = SettingsFile::read(args.rules.settings.as_deref())?;
    let own = rego::read(&args.rules.policies, rego::Tests::Without)?;
    let gate = plan::gate(&args.rules, settings.as_ref(), own, Limits::default())?;
    let date = Some(args.day.get());
    let export = match args.form {
        ExportForm::OpaBundle => export::opa_bundle(&gate, date),
        ExportForm::Conftest => export::conftest(&gate, date),
        ExportForm::Gatekeeper => export::gatekeeper(&gate, date),
    }?;
    write(&args.output, &export)?;
    let mut out = terminal::stdout();
    for note in &export.notes {
        writeln!(out, "note: {note}")?;
    }
    writeln!(out, "{} files written to {}", export.files.len(), args.output.display())?;
    out.flush()?;
    Ok(Status::Clean)
}

/// Writes the files, and removes those of an earlier export that this one has not. Nothing else in the folder is
/// touched; before anything is written it is known that nothing else would be.
fn write(folder: &Path, export: &Export) -> Result<()> {
    let before = before(folder)?;
    let files: BTreeSet<&str> = export.files.iter().map(|file| file.path.as_str()).collect();
    for path in &files {
        if !before.contains(*path) && folder.join(path).symlink_metadata().is_ok() {
            bail!("`{}` is there and was not written by an export", folder.join(path).display());
        }
    }
    for path in before.iter().filter(|path| !files.contains(path.as_str())) {
        match fs::remove_file(folder.join(path)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error)
                    .with_context(|| format!("cannot remove `{}`", folder.join(path).display()));
            }
            _ => {}
        }
    }
    let list: String = files.iter().map(|path| format!("{path}\n")).collect();
    let texts = export.files.iter().map(|file| (file.path.as_str(), &file.text));
    // The list comes first: what is interrupted is still known as an export's.
    for (path, text) in std::iter::once((LIST, &list)).chain(texts) {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(|| format!("cannot create `{}`", parent.display()))?;
        }
        output::replace(&path, |out| out.write_all(text.as_bytes()))?;
    }
    Ok(())
}

/// The files that an earlier export wrote to the folder. One that holds anything and no export is refused.
fn before(folder: &Path) -> Result<BTreeSet<String>> {
    let is_empty = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        entries => entries
            .with_context(|| format!("cannot read the folder `{}`", folder.display()))?
            .next()
            .is_none(),
    };
    if is_empty {
        return Ok(BTreeSet::new());
    }
    match fs::read_to_string(folder.join(LIST)) {
        Ok(list) => {
            // A list that someone changed must not lead out of the folder.
            let is_inside =
                |path: &&str| Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
            Ok(list.lines().filter(|path| !path.is_empty()).filter(is_inside).map(str::to_owned).collect())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            bail!("`{}` is not empty and holds no export: name a new folder", folder.display())
        }
        Err(error) => Err(error).with_context(|| format!("cannot read `{}`", folder.join(LIST).display())),
    }
}
