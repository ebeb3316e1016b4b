//! Rows for people (aligned columns) or for scripts (JSON), from one description.

use std::io::Write;

use serde_json::{Map, Value};

use crate::error::{Error, Result};

/// Named columns and their rows.
pub(super) struct Table {
    columns: Vec<&'static str>,
    rows: Vec<Vec<Value>>,
}

impl Table {
    pub(super) fn new(columns: &[&'static str]) -> Self {
        Self { columns: columns.to_vec(), rows: Vec::new() }
    }

    pub(super) fn row<const N: usize>(&mut self, cells: [Value; N]) {
        self.rows.push(cells.into());
    }

    /// Writes it: as a list of objects, or aligned under its headings.
    pub(super) fn print(&self, json: bool, out: &mut dyn Write) -> Result<()> {
        if json {
            return say(out, &format!("{:#}", self.as_json()));
        }
        let texts: Vec<Vec<String>> = self.rows.iter().map(|row| row.iter().map(text).collect()).collect();
        let headings: Vec<String> = self.columns.iter().map(|column| column.to_uppercase()).collect();
        let mut widths: Vec<usize> = headings.iter().map(|heading| heading.chars().count()).collect();
        for (width, cell) in texts.iter().flat_map(|row| row.iter().enumerate()) {
            if let Some(widest) = widths.get_mut(width) {
                *widest = (*widest).max(cell.chars().count());
            }
        }
        for row in std::iter::once(&headings).chain(&texts) {
            let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            say(out, cells.join("  ").trim_end())?;
        }
        Ok(())
    }

    /// The rows as objects.
    pub(super) fn as_json(&self) -> Value {
        let object = |row: &Vec<Value>| {
            let members = self.columns.iter().map(ToString::to_string).zip(row.iter().cloned());
            Value::Object(members.collect::<Map<_, _>>())
        };
        self.rows.iter().map(object).collect()
    }
}

/// One value as people read it. Control characters of the data do not reach a terminal.
pub(super) fn text(value: &Value) -> String {
    let text = match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    };
    text.chars().map(|char| if char.is_control() { '\u{fffd}' } else { char }).collect()
}

/// One line.
pub(super) fn say(out: &mut dyn Write, line: &str) -> Result<()> {
    writeln!(out, "{line}").map_err(Error::internal)
}

/// What the registry keeps as a JSON text, as a value.
pub(super) fn listed(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or(Value::Null)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_table_reads_well_and_parses_well() {
        let mut table = Table::new(&["name", "roles"]);
        table.row([json!("Zürich"), json!(["A", "B"])]);
        table.row([json!("x\u{1b}[2J"), json!(null)]);
        let mut out = Vec::new();
        table.print(false, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "NAME    ROLES\nZürich  A, B\nx\u{fffd}[2J   -\n");
        assert_eq!(table.as_json()[0], json!({"name": "Zürich", "roles": ["A", "B"]}));
    }
}
