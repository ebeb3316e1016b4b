//! Records of a delimited file: the header is known, every record has its line, a cut-off file is refused.

use std::io::Read;

use csv::StringRecord;

use super::lines::{Lines, Refusal};
use crate::{
    desk::is_invisible,
    error::{Error, Result},
};

/// Longest value, in bytes: nothing that is kept comes near.
const LONGEST_VALUE: usize = 8192;

/// How a kind of file is written.
pub(super) struct Format {
    /// What it is, for messages.
    pub(super) name: &'static str,
    pub(super) delimiter: u8,
    /// Whether `"` quotes; if not it is a character like another.
    pub(super) quoting: bool,
    /// The columns that are read, by their names in the header; none: the file has no header.
    pub(super) columns: &'static [&'static str],
}

/// A record and its line, counted from 1.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) line: u64,
    cells: StringRecord,
    places: std::sync::Arc<[usize]>,
    /// The columns, of those that are read, in which there were invisible characters; they are gone.
    pub(super) cleaned: Vec<&'static str>,
}

impl Record {
    /// The value in a column of [`Format::columns`] (without a header: of the file), trimmed; empty if there is none.
    pub(super) fn get(&self, column: usize) -> &str {
        let place = self.places.get(column).copied().unwrap_or(column);
        self.cells.get(place).unwrap_or_default().trim()
    }
}

/// What stands at a place of the file.
#[derive(Debug)]
pub(super) enum Row {
    /// A record of the right width.
    Whole(Record),
    /// A record that cannot be read as one.
    Ragged { line: u64, reason: &'static str },
}

/// A file that is being read.
pub(super) struct Table {
    file: String,
    reader: csv::Reader<Lines<Box<dyn Read + Send>>>,
    columns: &'static [&'static str],
    places: std::sync::Arc<[usize]>,
    /// Cells of a record; a header with an empty last name allows one less.
    width: (usize, usize),
    ahead: Option<(u64, StringRecord)>,
}

impl Table {
    /// Reads the header, or the first record where there is none. `file` names the file in messages.
    pub(super) fn open(file: &str, source: Box<dyn Read + Send>, format: &Format, longest: usize) -> Result<Self> {
        let reader = csv::ReaderBuilder::new()
            .delimiter(format.delimiter)
            .quoting(format.quoting)
            .has_headers(false)
            .flexible(true)
            .from_reader(Lines::new(source, longest));
        let columns = format.columns;
        let mut table = Self { file: file.to_owned(), reader, columns, places: [].into(), width: (0, 0), ahead: None };
        let Some(first) = table.read()? else {
            return Err(table.refuse(1, &format!("the file is empty: {} was expected", format.name)));
        };
        table.width = (first.1.len(), first.1.len());
        if format.columns.is_empty() {
            table.ahead = Some(first);
            return Ok(table);
        }
        let (line, first) = first;
        table.check_names(line, &first)?;
        if first.iter().next_back().is_some_and(str::is_empty) {
            table.width.0 = first.len().saturating_sub(1);
        }
        let place = |column: &&str| {
            first.iter().position(|name| name.trim() == *column).ok_or_else(|| {
                let reason = format!("this is not {}: a column `{column}` was expected in the header", format.name);
                table.refuse(line, &reason)
            })
        };
        table.places = format.columns.iter().map(place).collect::<Result<_>>()?;
        Ok(table)
    }

    /// The width of the first record, in cells.
    pub(super) const fn width(&self) -> usize {
        self.width.1
    }

    /// The next record; a last one of the wrong width says that the file was cut off.
    pub(super) fn next(&mut self) -> Result<Option<Row>> {
        let Some((line, cells)) = self.take()? else { return Ok(None) };
        if cells.len() < self.width.0 || cells.len() > self.width.1 {
            self.ahead = self.read()?;
            if self.ahead.is_none() {
                let reason = format!("the file is cut off: {} columns were expected in the last line", self.width.1);
                return Err(self.refuse(line, &reason));
            }
            return Ok(Some(Row::Ragged { line, reason: "the number of columns is not that of the file" }));
        }
        if cells.iter().any(|cell| cell.len() > LONGEST_VALUE) {
            return Ok(Some(Row::Ragged { line, reason: "a value is longer than 8192 bytes" }));
        }
        let (cells, cleaned) = self.visible(cells);
        Ok(Some(Row::Whole(Record { line, cells, places: self.places.clone(), cleaned })))
    }

    /// Refuses a header that has a name twice: nobody could say which column is meant. Names of columns that are not
    /// read are the file's, and are not told.
    fn check_names(&self, line: u64, header: &StringRecord) -> Result<()> {
        let names: Vec<&str> = header.iter().map(str::trim).collect();
        for (place, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            let Some(first) = names.iter().take(place).position(|other| other == name) else { continue };
            let reason = match self.columns.iter().find(|column| *column == name) {
                Some(column) => format!("the column `{column}` is there twice in the header"),
                None => format!("the columns {} and {} have one name in the header", first + 1, place + 1),
            };
            return Err(self.refuse(line, &format!("{reason}: each was expected once")));
        }
        Ok(())
    }

    /// The cells without invisible characters, and the columns that had some.
    fn visible(&self, cells: StringRecord) -> (StringRecord, Vec<&'static str>) {
        let has = |cell: &str| cell.chars().any(is_invisible);
        if cells.as_slice().is_ascii() || !cells.iter().any(has) {
            return (cells, Vec::new());
        }
        let had = |place: usize| cells.get(place).is_some_and(has);
        let cleaned = if self.columns.is_empty() {
            vec![""]
        } else {
            let columns = self.columns.iter().zip(self.places.iter());
            columns.filter(|(_, place)| had(**place)).map(|(column, _)| *column).collect()
        };
        let visible = |cell: &str| cell.chars().filter(|c| !is_invisible(*c)).collect::<String>();
        (cells.iter().map(visible).collect(), cleaned)
    }

    /// A refusal of the file.
    pub(super) fn refuse(&self, line: u64, reason: &str) -> Error {
        Error::input(format!("{}, line {line}: {reason}; nothing was changed", self.file))
    }

    fn take(&mut self) -> Result<Option<(u64, StringRecord)>> {
        match self.ahead.take() {
            Some(record) => Ok(Some(record)),
            None => self.read(),
        }
    }

    /// The next record and its line. In none of the files a value holds a line break: one that does has a quote
    /// that was not closed, and has swallowed the lines after it.
    fn read(&mut self) -> Result<Option<(u64, StringRecord)>> {
        let mut record = StringRecord::new();
        self.reader.get_ref().begin_record();
        if !self.reader.read_record(&mut record).map_err(|error| self.failure(error))? {
            return Ok(None);
        }
        let breaks = record.iter().map(|cell| cell.matches('\n').count()).sum::<usize>();
        let after = self.reader.position().line();
        let line = after.saturating_sub(u64::try_from(breaks).unwrap_or(0)).saturating_sub(1);
        if breaks > 0 {
            return Err(self.refuse(line, "a quoted value goes on in the next line: a closing quote was expected"));
        }
        Ok(Some((line, record)))
    }

    fn failure(&self, error: csv::Error) -> Error {
        let line = error.position().map_or(1, csv::Position::line);
        match error.into_kind() {
            csv::ErrorKind::Io(error) => match error.get_ref().and_then(|inner| inner.downcast_ref::<Refusal>()) {
                Some(refusal) => self.refuse(refusal.line, refusal.reason),
                None => Error::input(format!("{} cannot be read: {error}; nothing was changed", self.file)),
            },
            _ => self.refuse(line, "this is not a record: delimited text was expected"),
        }
    }
}
