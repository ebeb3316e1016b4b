//! What became of a file: counts, and why something was not taken. Never a value of the file (law 9 of access).

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fmt,
    path::PathBuf,
};

use super::rejects::Rejects;
use crate::error::Result;

/// Lines that a note names; it counts the rest.
const LINES_NAMED: usize = 5;

/// Why rows were rejected, or fields left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// How often.
    pub count: u64,
    /// The first lines, counted from 1.
    pub lines: Vec<u64>,
}

/// Stored rows of earlier files that are in no row of this one: they are kept as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Absent {
    /// What they are.
    pub what: &'static str,
    /// How many.
    pub count: usize,
    /// The public codes of the first: Wikidata items, ORIs, ISO or FIPS codes.
    pub first: Vec<String>,
}

/// Column and reason.
pub type Reason = (&'static str, &'static str);

/// The outcome of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The file.
    pub file: String,
    /// Rows that were not there.
    pub created: u64,
    /// Rows of which something changed.
    pub updated: u64,
    /// Rows that stayed as they were.
    pub unchanged: u64,
    /// Rows not taken.
    pub rejected: u64,
    /// Fields left out, or areas not proposed, in rows that were taken.
    pub warnings: u64,
    /// What was made beside the rows, such as sending states for missions.
    pub also: BTreeMap<&'static str, u64>,
    /// What earlier files had brought and this one does not have.
    pub absent: Option<Absent>,
    /// Why rows were rejected.
    pub rejects: BTreeMap<Reason, Note>,
    /// Why fields were left out.
    pub warned: BTreeMap<Reason, Note>,
    /// Where the rejects are listed.
    pub rejects_file: Option<PathBuf>,
    /// Nothing was kept.
    pub dry_run: bool,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { created, updated, unchanged, rejected, warnings, .. } = self;
        writeln!(f, "{}{}", self.file, if self.dry_run { " (dry run: nothing was kept)" } else { "" })?;
        writeln!(
            f,
            "  {created} created, {updated} updated, {unchanged} unchanged, {rejected} rejected, {warnings} warnings"
        )?;
        for (what, count) in &self.also {
            writeln!(f, "  {count} {what}")?;
        }
        if let Some(Absent { what, count, first }) = &self.absent {
            let more = if *count > first.len() { ", …" } else { "" };
            writeln!(
                f,
                "  {count} {what} of earlier files are in no row of this one and stay ({}{more})",
                first.join(", ")
            )?;
        }
        for (level, notes) in [("rejected", &self.rejects), ("warning", &self.warned)] {
            for ((column, reason), note) in notes {
                let lines: Vec<String> = note.lines.iter().map(ToString::to_string).collect();
                let more = if note.count > note.lines.len() as u64 { ", …" } else { "" };
                writeln!(f, "  {level} {} × {column}: {reason} (line {}{more})", note.count, lines.join(", "))?;
            }
        }
        match &self.rejects_file {
            Some(path) => writeln!(f, "  the rejects are listed in {}", path.display()),
            None => Ok(()),
        }
    }
}

/// Collects a summary, and writes rejects as they come.
pub(super) struct Report {
    pub(super) summary: Summary,
    rejects: Rejects,
    /// Rejects of the present batch: some are known when a line is read, some when it meets what is stored.
    pending: Vec<(u64, Reason)>,
}

impl Report {
    pub(super) fn new(file: &str, rejects: PathBuf) -> Result<Self> {
        let summary = Summary { file: file.to_owned(), ..Summary::default() };
        Ok(Self { summary, rejects: Rejects::new(rejects)?, pending: Vec::new() })
    }

    /// The row on this line is not taken.
    pub(super) fn reject(&mut self, line: u64, column: &'static str, reason: &'static str) {
        self.summary.rejected += 1;
        note(&mut self.summary.rejects, line, column, reason);
        self.pending.push((line, (column, reason)));
    }

    /// Rejects that are not written yet.
    pub(super) const fn pending(&self) -> usize {
        self.pending.len()
    }

    /// Writes the rejects of a batch in the order of their lines.
    pub(super) fn end_batch(&mut self) -> Result<()> {
        self.pending.sort_unstable();
        self.pending.drain(..).try_for_each(|(line, (column, reason))| self.rejects.write(line, column, reason))
    }

    /// The row on this line is taken, without something.
    pub(super) fn warn(&mut self, line: u64, column: &'static str, reason: &'static str) {
        self.summary.warnings += 1;
        note(&mut self.summary.warned, line, column, reason);
    }

    /// Something was made beside the rows.
    pub(super) fn also(&mut self, what: &'static str) {
        *self.summary.also.entry(what).or_default() += 1;
    }

    /// Of the stored rows that files have brought, by their keys, some are in no row that was taken.
    pub(super) fn absent(&mut self, what: &'static str, stored: BTreeSet<String>, seen: &HashSet<String>) {
        let mut gone = stored.into_iter().filter(|key| !seen.contains(key));
        let first: Vec<String> = gone.by_ref().take(LINES_NAMED).collect();
        let count = first.len() + gone.count();
        self.summary.absent = (count > 0).then_some(Absent { what, count, first });
    }

    /// Writes what is left of the rejects. They are not in their place yet.
    pub(super) fn end(&mut self) -> Result<()> {
        self.end_batch()?;
        self.rejects.flush()
    }

    /// Puts the rejects file in its place.
    pub(super) fn place(mut self) -> Result<Summary> {
        self.summary.rejects_file = self.rejects.place()?;
        Ok(self.summary)
    }
}

fn note(notes: &mut BTreeMap<Reason, Note>, line: u64, column: &'static str, reason: &'static str) {
    let note = notes.entry((column, reason)).or_default();
    note.count += 1;
    if note.lines.len() < LINES_NAMED {
        note.lines.push(line);
    }
}
