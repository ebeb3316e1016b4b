//! Comma-separated values by RFC 4180: a header, lines that end with CR LF, quotes where they are needed.
//!
//! A text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection): whoever raises
//! a concern chooses its title, and must not run anything on an analyst's machine. Numbers are left as they are.

use ::csv::{Terminator, WriterBuilder};
use serde_json::Value;

use super::columns::Column;
use crate::{
    desk::is_invisible,
    error::{Error, Result},
};

/// Between the members of a list.
const BETWEEN: &str = "; ";

/// A page of rows, after the header if it is the first.
pub(super) fn page(columns: &[Column], rows: &[Value], is_first: bool) -> Result<Vec<u8>> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    if is_first {
        writer.write_record(columns.iter().map(Column::name)).map_err(Error::internal)?;
    }
    for row in rows {
        writer.write_record(columns.iter().map(|column| cell(column, row))).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(Error::internal)
}

fn cell(column: &Column, row: &Value) -> String {
    let text = match column.value(row) {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items
            .iter()
            .map(|item| item.as_str().map_or_else(|| item.to_string(), ToOwned::to_owned))
            .collect::<Vec<_>>()
            .join(BETWEEN),
        other => other.to_string(),
    };
    if column.is_number { text } else { defused(text) }
}

/// `+12025550123` is no formula; whatever else begins like one is, after white space and letters that are not seen too:
/// spreadsheets look past them.
fn defused(text: String) -> String {
    let begins = text.trim_start_matches(|letter: char| letter.is_whitespace() || is_unseen(letter));
    let is_formula =
        text.starts_with(['\t', '\r', '\n']) || begins.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let is_number = text.len() > 1 && text.bytes().skip(1).all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_formula && !is_number { format!("'{text}") } else { text }
}

/// What shows nothing at the head of a cell: controls, and the joiners that names may hold, too.
const fn is_unseen(letter: char) -> bool {
    is_invisible(letter) || matches!(letter, '\u{200C}' | '\u{200D}' | '\0')
}
