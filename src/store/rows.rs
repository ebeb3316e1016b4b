//! Rows that are given to a statement.

use sea_orm::Value;
use serde_json::Value as Json;

use super::batch::Binds;

/// What stands for null in an array of PostgreSQL: a text that no instant, no id and no word is.
const NOTHING: &str = "-";

/// Rows as parameters of a statement whose text is the same however many they are: arrays on PostgreSQL, JSON on SQLite.
#[derive(Debug, Default)]
pub struct Rows {
    columns: Vec<(&'static str, Column)>,
}

#[derive(Debug)]
enum Column {
    Texts(Vec<String>),
    Maybe(Vec<Option<String>>),
    Codes(Vec<i16>),
}

impl Rows {
    /// With a column of texts.
    #[must_use]
    pub fn texts<'a>(mut self, name: &'static str, values: impl Iterator<Item = &'a String>) -> Self {
        self.columns.push((name, Column::Texts(values.cloned().collect())));
        self
    }

    /// With a column of texts, some of them null.
    #[must_use]
    pub fn maybe<'a>(mut self, name: &'static str, values: impl Iterator<Item = Option<&'a String>>) -> Self {
        self.columns.push((name, Column::Maybe(values.map(Option::<&String>::cloned).collect())));
        self
    }

    /// With a column of small numbers.
    #[must_use]
    pub fn codes(mut self, name: &'static str, values: impl Iterator<Item = i16>) -> Self {
        self.columns.push((name, Column::Codes(values.collect())));
        self
    }

    /// The columns' names, as a statement lists them.
    pub fn names(&self) -> String {
        self.columns.iter().map(|(name, _)| quoted(name)).collect::<Vec<_>>().join(", ")
    }

    /// A query of the rows, by the columns' names.
    pub fn query(self, binds: &mut Binds<'_>) -> String {
        if binds.takes_arrays() { self.of_arrays(binds) } else { self.of_json(binds) }
    }

    fn of_arrays(self, binds: &mut Binds<'_>) -> String {
        let names = self.names();
        let (mut arrays, mut columns) = (Vec::new(), Vec::new());
        for (name, column) in self.columns {
            let name = quoted(name);
            let (array, ty, column) = match column {
                Column::Texts(texts) => (binds.add(texts), "text", name),
                Column::Maybe(texts) => {
                    let texts: Vec<String> =
                        texts.into_iter().map(|text| text.unwrap_or_else(|| NOTHING.to_owned())).collect();
                    (binds.add(texts), "text", format!("nullif({name}, '{NOTHING}') as {name}"))
                }
                Column::Codes(codes) => (binds.add(codes), "smallint", name),
            };
            arrays.push(format!("{array}::{ty}[]"));
            columns.push(column);
        }
        format!("select {} from unnest({}) as given({names})", columns.join(", "), arrays.join(", "))
    }

    fn of_json(self, binds: &mut Binds<'_>) -> String {
        let columns: Vec<String> = self
            .columns
            .iter()
            .enumerate()
            .map(|(place, (name, _))| format!("value ->> {place} as {}", quoted(name)))
            .collect();
        let mut rows: Vec<Vec<Json>> = Vec::new();
        for (_, column) in self.columns {
            let values: Vec<Json> = match column {
                Column::Texts(texts) => texts.into_iter().map(Json::from).collect(),
                Column::Maybe(texts) => texts.into_iter().map(Json::from).collect(),
                Column::Codes(codes) => codes.into_iter().map(Json::from).collect(),
            };
            rows.resize_with(values.len(), Vec::new);
            rows.iter_mut().zip(values).for_each(|(row, value)| row.push(value));
        }
        let rows = Value::from(rows.into_iter().map(Json::from).collect::<Json>().to_string());
        format!("select {} from json_each({})", columns.join(", "), binds.add(rows))
    }
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}
