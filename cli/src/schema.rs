//! `podgate schema`

use std::io::Write;

use anyhow::Result;

use crate::args::{SchemaArgs, SchemaOf};
use crate::exit::Status;
use crate::terminal;

pub(crate) fn run(args: &SchemaArgs) -> Result<Status> {
    let schema = match args.of {
        SchemaOf::Settings => podgate::schema::settings(),
        SchemaOf::Report => podgate::schema::report(),
        SchemaOf::Host => podgate::schema::host(),
    };
    let mut out = terminal::stdout();
    serde_json::to_writer_pretty(&mut out, &schema).map_err(std::io::Error::from)?;
    writeln!(out)?;
    out.flush()?;
    Ok(Status::Clean)
}
