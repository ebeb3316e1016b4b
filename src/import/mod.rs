//! Readers of real public files: countries, counties, law-enforcement agencies, foreign missions, posts abroad.
//!
//! The files are dirty, and people work on the rows between two imports. So an import reads a file as it is,
//! takes what is certain, says what it did not take and why (never with the value), and on a row that is there
//! already overwrites only what the last import wrote. A file is one transaction: it is taken, or nothing changed.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use indicatif::{ProgressBar, ProgressStyle};
use sea_orm::{ActiveModelBehavior, ActiveModelTrait, EntityTrait};

use crate::{
    clock::Clock,
    desk::Work,
    error::{Error, Result},
    store::Store,
};

mod absent;
mod agencies;
mod agency_areas;
mod counties;
mod countries;
mod county_names;
mod embassy_row;
mod ground;
mod lines;
mod merge;
mod mission_place;
mod mission_row;
mod mission_type;
mod missions;
mod post_row;
mod post_type;
mod posts;
mod rejects;
mod report;
mod sending_states;
mod table;
mod text;
mod us_states;

pub use lines::LONGEST_LINE;
pub use report::{Absent, Note, Reason, Summary};

use report::Report;
use table::{Format, Record, Row, Table};

/// Rows that are looked up and inserted together: bind parameters stay below SQLite's bound of 32,766.
const BATCH: usize = 500;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// ISO 3166-1 country codes: sending states.
    Countries,
    /// Census Gazetteer counties, or the Census list of states.
    Counties,
    /// Law-enforcement agencies of the FBI's Crime Data Explorer.
    Agencies,
    /// Foreign missions in the United States, from Wikidata.
    Missions,
    /// Posts of the United States abroad, from Wikidata.
    Posts,
}

impl Content {
    /// As the command line calls it.
    const fn name(self) -> &'static str {
        match self {
            Self::Countries => "countries",
            Self::Counties => "counties",
            Self::Agencies => "agencies",
            Self::Missions => "missions",
            Self::Posts => "posts",
        }
    }
}

/// How to import.
#[derive(Clone, Debug)]
pub struct Options {
    /// Everything but the commit.
    pub dry_run: bool,
    /// Where rejects are listed, if there are any.
    pub rejects: PathBuf,
    /// Whether the file decides, of rows that are there already, what decides who sees them: the codes of states, the
    /// sending states and places of missions. Never the level of an enrolled agency.
    pub change_grounds: bool,
    /// Longest line in bytes, [`LONGEST_LINE`] in service.
    pub longest_line: usize,
}

/// Imports a file, with a progress bar on a terminal.
pub async fn file(content: Content, path: &Path, options: &Options, store: &Store, clock: &Clock) -> Result<Summary> {
    let cannot = |error| Error::input(format!("{} cannot be read: {error}", path.display()));
    let source = File::open(path).map_err(cannot)?;
    rejects::check_apart(path, &options.rejects)?;
    let length = source.metadata().map_err(cannot)?.len();
    let bar = ProgressBar::new(length).with_style(
        ProgressStyle::with_template("{msg} {wide_bar} {binary_bytes}/{binary_total_bytes} {eta}")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    bar.set_message(path.display().to_string());
    let source = Box::new(bar.wrap_read(source));
    let outcome = stream(content, &path.display().to_string(), source, options, store, clock).await;
    bar.finish_and_clear();
    outcome
}

/// Imports what a reader gives; `name` names it in messages.
pub async fn stream(
    content: Content,
    name: &str,
    source: Box<dyn Read + Send>,
    options: &Options,
    store: &Store,
    clock: &Clock,
) -> Result<Summary> {
    let format = match content {
        Content::Countries => &countries::FORMAT,
        Content::Counties => &counties::FORMAT,
        Content::Agencies => &agencies::FORMAT,
        Content::Missions => &missions::FORMAT,
        Content::Posts => &posts::FORMAT,
    };
    let mut report = Report::new(name, options.rejects.clone())?;
    let mut table = Table::open(name, source, format, options.longest_line)?;
    let mut work = Work::begin(store, clock).await?;
    work.is(format!("import {}", content.name()));
    match content {
        Content::Countries => countries::import(&mut table, &mut work, &mut report, options.change_grounds).await?,
        Content::Counties => counties::import(&mut table, &mut work, &mut report).await?,
        Content::Agencies => agencies::import(&mut table, &mut work, &mut report).await?,
        Content::Missions => missions::import(&mut table, &mut work, &mut report, options.change_grounds).await?,
        Content::Posts => posts::import(&mut table, &mut work, &mut report).await?,
    }
    report.end()?;
    report.summary.dry_run = options.dry_run;
    let Summary { created, updated, unchanged, rejected, .. } = report.summary;
    if rejected > 0 && created + updated + unchanged == 0 {
        // The one refusal of which the list is kept: what else would tell why?
        let summary = report.place()?;
        let listed = summary.rejects_file.as_ref().map_or_else(String::new, |path| format!(" in {}", path.display()));
        let only = match summary.rejects.keys().collect::<Vec<_>>().as_slice() {
            [(column, reason)] => format!(" ({column}: {reason})"),
            _ => String::new(),
        };
        return Err(Error::input(format!(
            "{name}: each of its {} rows was rejected{only}, the reasons are listed{listed}: is it a file of this \
             kind? Nothing was changed",
            summary.rejected
        )));
    }
    if !options.dry_run {
        work.commit().await?;
    }
    let kept = if options.dry_run { "was read" } else { "was imported" };
    report.place().map_err(|error| Error { message: format!("{name} {kept}: {}", error.message), ..error })
}

/// The next rows that `parse` takes; it reports those that it does not. Empty at the end of the file.
fn batch<T>(
    table: &mut Table,
    report: &mut Report,
    mut parse: impl FnMut(&Record, &mut Report) -> Option<T>,
) -> Result<Vec<T>> {
    report.end_batch()?;
    let mut rows = Vec::new();
    while rows.len() < BATCH {
        // A file of nothing but rejects must not fill the memory.
        if report.pending() >= BATCH {
            report.end_batch()?;
        }
        match table.next()? {
            None => break,
            Some(Row::Ragged { line, reason }) => report.reject(line, "", reason),
            Some(Row::Whole(record)) => {
                for column in &record.cleaned {
                    report.warn(record.line, column, "there are invisible characters: left out");
                }
                rows.extend(parse(&record, report));
            }
        }
    }
    Ok(rows)
}

/// Inserts rows, many at a time.
async fn insert<A>(work: &Work, mut rows: Vec<A>) -> Result<()>
where
    A: ActiveModelTrait + ActiveModelBehavior + Send,
{
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(BATCH));
        <A::Entity as EntityTrait>::insert_many(rows).exec_without_returning(work.rows()).await?;
        rows = rest;
    }
    Ok(())
}
