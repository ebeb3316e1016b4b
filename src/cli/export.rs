//! `chancery export`: rows as a file, as somebody who is enrolled may read them.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::Args as ClapArgs;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use super::{Context, Outcome, person::role, serve, told};
use crate::{
    access::Role,
    desk,
    error::Error,
    export::{Export, Format},
    graph,
};

/// How often a page is tried while standing changes under it.
const ATTEMPTS: usize = 3;

/// Write concerns or missions to a file, as far as a person may read them.
///
/// The rows and values are those that the graph would answer the same person with; the file is readable by its owner
/// only. Without --output it goes to standard output.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// What to export: concerns or missions
    pub name: String,
    /// The role to read in; one that may export
    #[arg(long, value_parser = role)]
    pub role: Role,
    /// The person's agency, by id, short name, ORI or issuer
    #[arg(long)]
    pub agency: String,
    /// The exact `sub` of the person's tokens
    #[arg(long)]
    pub subject: String,
    /// csv or geojson
    #[arg(long, default_value = "csv", value_parser = format)]
    pub format: Format,
    /// Only rows that match: the graph's filter, as JSON
    #[arg(long, value_name = "JSON")]
    pub filter: Option<String>,
    /// The file to write; it must not be there yet
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

fn format(name: &str) -> Result<Format, String> {
    Format::named(name).ok_or_else(|| "expected csv or geojson".to_owned())
}

/// Runs the command.
pub async fn run(context: &Context, args: &Args, out: &mut impl Write) -> Outcome {
    let filter = match &args.filter {
        Some(text) => serde_json::from_str::<Value>(text)
            .ok()
            .filter(Value::is_object)
            .ok_or_else(|| Error::input("--filter: expected an object of JSON"))?,
        None => Value::Null,
    };
    let most = context.config.limits.export_rows;
    let export = Export::new(args.role, &args.name, args.format, filter, most).ok_or_else(|| {
        let names: Vec<&str> = Export::names(args.role).collect();
        if names.is_empty() {
            format!("{} may not export", args.role.name())
        } else {
            format!("{}: expected one of {}", args.name, names.join(", "))
        }
    })?;
    match &args.output {
        Some(path) => to_file(context, args, export, path).await,
        None => write(context, args, export, out).await.map(drop),
    }
}

/// Under another name until it is whole.
async fn to_file(context: &Context, args: &Args, export: Export, path: &Path) -> Outcome {
    if path.exists() {
        return Err(format!("{} is there already", path.display()).into());
    }
    let unfinished = path.with_added_extension("part");
    let cannot = |error| told(format!("{} cannot be written", path.display()), error);
    // What an export that was ended left, or whatever else bears the name, a link included: never written to.
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(cannot(error)),
        _ => {}
    }
    let mut options = fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished).map_err(cannot)?;
    let written = write(context, args, export, &mut file).await;
    let rows = match written {
        Ok(rows) => rows,
        Err(failure) => {
            fs::remove_file(&unfinished).map_err(cannot)?;
            return Err(failure);
        }
    };
    file.sync_all().map_err(cannot)?;
    fs::rename(&unfinished, path).map_err(cannot)?;
    eprintln!("{rows} rows written to {}", path.display());
    Ok(())
}

async fn write(context: &Context, args: &Args, mut export: Export, out: &mut impl Write) -> Outcome<usize> {
    let (registry, gateway) = serve::rooms(context, context.store().await?).await?;
    let store = context.store().await?;
    let agency = desk::registry::agency(&store.orm, &args.agency).await?;
    let bar = ProgressBar::no_length().with_style(ProgressStyle::with_template("{bar:40} {pos}/{len} rows, {eta}")?);
    let mut attempts = 0;
    while let Some(request) = export.request("export") {
        let principal = registry.principal_of(&agency.id, &args.subject, args.role).await.map_err(|refusal| {
            told(format!("{} of {} cannot ask as {}", args.subject, args.agency, args.role.name()), refusal)
        })?;
        let answer = gateway.execute(&principal, &request).await;
        if let graph::Outcome::Stale(version) = answer.outcome {
            registry.stale(version);
            attempts += 1;
            if attempts >= ATTEMPTS {
                return Err("standing changed at every attempt; try again".into());
            }
            continue;
        }
        attempts = 0;
        out.write_all(&export.take(&answer.body)?)?;
        bar.set_length(export.total() as u64);
        bar.set_position(export.rows() as u64);
    }
    out.flush()?;
    bar.finish_and_clear();
    Ok(export.rows())
}
