//! `chancery import`: real public files into the registry and the graph.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use crate::{
    clock::Clock,
    error::{Error, Result},
    import::{self, Content, LONGEST_LINE, Options},
    store::Store,
};

/// Import public files. A file is taken as a whole or refused as a whole; the same file twice changes nothing.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Import {
    /// ISO 3166-1 country codes (data set country-codes, CSV): sending states.
    Countries(Files),
    /// Counties of the Census Gazetteer, or the Census list of states (both separated by `|`, without a header).
    Counties(Files),
    /// Law-enforcement agencies of the FBI's Crime Data Explorer (CSV). Their areas are proposals: confirm them with
    /// `chancery agency confirm-areas`. Import the counties first.
    Agencies(Files),
    /// Foreign missions in the United States, from Wikidata (separated by `;`). Import the countries first.
    Missions(Files),
    /// Posts of the United States abroad, from Wikidata (separated by `;`, as the missions are). Import the countries
    /// first.
    Posts(Files),
}

/// Which files, and how.
#[derive(Clone, Debug, clap::Args)]
pub struct Files {
    /// The files, imported one after the other, each in a transaction of its own.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Do everything but keep it.
    #[arg(long)]
    pub dry_run: bool,
    /// Countries and missions: take from the file, too, what decides who sees rows that are there already: ISO codes,
    /// sending states, places. Without this they stay as they are, and a warning names the line.
    #[arg(long)]
    pub change_grounds: bool,
    /// Where to list rejected rows: line, column and reason, never the value [default: FILE.rejects.csv].
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
}

/// Imports the files and writes a summary of each; the first that is refused ends the command.
pub async fn run(command: Import, store: &Store, clock: &Clock, out: &mut dyn Write) -> Result<()> {
    let (content, files) = match command {
        Import::Countries(files) => (Content::Countries, files),
        Import::Counties(files) => (Content::Counties, files),
        Import::Agencies(files) => (Content::Agencies, files),
        Import::Missions(files) => (Content::Missions, files),
        Import::Posts(files) => (Content::Posts, files),
    };
    if files.rejects.is_some() && files.files.len() > 1 {
        return Err(Error::input("--rejects names one file: give one FILE with it"));
    }
    if files.change_grounds && !matches!(content, Content::Countries | Content::Missions) {
        return Err(Error::input("--change-grounds is for `import countries` and `import missions`"));
    }
    for path in &files.files {
        let rejects = files.rejects.clone().unwrap_or_else(|| beside(path));
        let (dry_run, change_grounds) = (files.dry_run, files.change_grounds);
        let options = Options { dry_run, rejects, change_grounds, longest_line: LONGEST_LINE };
        let summary = import::file(content, path, &options, store, clock).await?;
        write!(out, "{summary}").map_err(Error::internal)?;
    }
    Ok(())
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.to_path_buf().into_os_string();
    name.push(".rejects.csv");
    name.into()
}
