//! Rows of a type as a file, with the scope of the graph: an export asks the gateway, page by page, what anybody in
//! the role may ask, and writes down the answers. It reads nothing by itself.
//!
//! Nothing here waits or talks: whoever drives an export (the command line, the door) sends [`Export::request`], gives
//! the answer to [`Export::take`], and writes what comes out.

mod columns;
mod csv;
mod geojson;

use serde_json::{Map, Value, json};

use self::columns::{Column, Position};
use crate::{
    access::{Kind, Role, table},
    error::{Code, Error, Result},
    graph::GraphRequest,
    model::view::View,
};

/// Rows asked for at once: the largest page.
const PAGE: usize = 100;

/// What is exported under which name, and where a row may lie: itself, or where an edge leads.
const EXPORTS: [(&str, Kind, &[&[&str]]); 2] =
    [("concerns", Kind::Concern, &[&[], &["mission"]]), ("missions", Kind::Mission, &[&[]])];

/// A file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180, with a header, UTF-8.
    Csv,
    /// RFC 7946: a feature collection.
    GeoJson,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Csv, Self::GeoJson];

    /// Its name, which is also the extension of its files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::GeoJson => "geojson",
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::GeoJson => "application/geo+json",
        }
    }

    /// By its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// An export under way.
#[derive(Debug)]
pub struct Export {
    root: &'static str,
    format: Format,
    document: String,
    columns: Vec<Column>,
    positions: Vec<Position>,
    filter: Value,
    most: usize,
    at: At,
    rows: usize,
    total: usize,
}

/// Where an export stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum At {
    Start,
    After(String),
    End,
}

impl Export {
    /// The names that a role may export under.
    pub fn names(role: Role) -> impl Iterator<Item = &'static str> {
        EXPORTS.into_iter().filter(move |(_, kind, _)| table::may_export(role, *kind)).map(|(name, _, _)| name)
    }

    /// An export by its name; `None` where the role has none of that name. `filter` is the filter of the graph's list
    /// of the same name, or null; more than `most` rows are refused before the first is written.
    pub fn new(role: Role, name: &str, format: Format, filter: Value, most: usize) -> Option<Self> {
        let found = EXPORTS.into_iter().find(|(known, kind, _)| *known == name && table::may_export(role, *kind));
        let (root, kind, places) = found?;
        let view = View::of(role);
        let positions: Vec<Position> = places
            .iter()
            .filter(|place| columns::is_located(&view, kind, place))
            .map(|place| Position(place))
            .collect();
        let columns = columns::of(&view, kind, &positions);
        let document = format!(
            "query Export($after: String, $filter: {}Filter, $count: Boolean!) {{ {root}(first: {PAGE}, after: $after, filter: $filter) {{ totalCount @include(if: $count) pageInfo {{ hasNextPage endCursor }} nodes {} }} }}",
            kind.name(),
            columns::selection(&columns),
        );
        Some(Self { root, format, document, columns, positions, filter, most, at: At::Start, rows: 0, total: 0 })
    }

    /// What to ask next; nothing when all is written.
    pub fn request(&self, request_id: &str) -> Option<GraphRequest> {
        let after = match &self.at {
            At::Start => Value::Null,
            At::After(cursor) => Value::from(cursor.as_str()),
            At::End => return None,
        };
        let mut variables = Map::new();
        variables.insert("count".to_owned(), json!(self.at == At::Start));
        variables.insert("filter".to_owned(), self.filter.clone());
        variables.insert("after".to_owned(), after);
        Some(GraphRequest {
            query: self.document.clone(),
            variables,
            read_only: true,
            request_id: request_id.to_owned(),
            ..GraphRequest::default()
        })
    }

    /// The part of the file that an answer makes, from the file's beginning to its end.
    pub fn take(&mut self, body: &str) -> Result<Vec<u8>> {
        let answer: Value = serde_json::from_str(body).map_err(Error::internal)?;
        let page = answer.pointer(&format!("/data/{}", self.root)).ok_or_else(|| refusal(&answer))?;
        let is_first = self.at == At::Start;
        if is_first {
            let total = page.get("totalCount").and_then(Value::as_u64).unwrap_or_default();
            self.total = usize::try_from(total).map_err(Error::internal)?;
            if self.total > self.most {
                let message =
                    format!("filter: {} rows match, an export takes at most {}; narrow it", self.total, self.most);
                return Err(Error::new(Code::QueryTooComplex, message));
            }
        }
        let nodes = page.get("nodes").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let more = page.pointer("/pageInfo/hasNextPage") == Some(&Value::Bool(true));
        let cursor = page.pointer("/pageInfo/endCursor").and_then(Value::as_str);
        self.at = match cursor.filter(|_| more) {
            Some(cursor) => At::After(cursor.to_owned()),
            None => At::End,
        };
        let is_last = self.at == At::End;
        let written = match self.format {
            Format::Csv => csv::page(&self.columns, nodes, is_first)?,
            Format::GeoJson => geojson::page(&self.columns, &self.positions, nodes, self.rows, is_first, is_last),
        };
        self.rows += nodes.len();
        if self.rows > self.most {
            // Rows were added behind the page that was counted.
            return Err(Error::new(Code::QueryTooComplex, format!("an export takes at most {} rows", self.most)));
        }
        Ok(written)
    }

    /// Rows written so far.
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// Rows there were in all when it began.
    pub const fn total(&self) -> usize {
        self.total
    }

    /// The name of its file.
    pub fn file_name(&self, day: &str) -> String {
        format!("{}-{day}.{}", self.root, self.format.name())
    }
}

/// What a refused question says, as an error of our own.
fn refusal(answer: &Value) -> Error {
    let message = answer.pointer("/errors/0/message").and_then(Value::as_str);
    let code = answer.pointer("/errors/0/extensions/code").and_then(Value::as_str);
    let code = Code::ALL.into_iter().find(|known| Some(known.name()) == code).unwrap_or(Code::Internal);
    Error::new(code, message.unwrap_or("the graph gave no answer"))
}
