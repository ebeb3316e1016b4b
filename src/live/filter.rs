//! Which rows a stream follows, by what the directory says of them: the same for what a row was and what it is.

use crate::{
    change::Directory,
    model::{
        parse_id,
        stream::{By, ByValue, Stream, Which},
    },
    read::value::Value,
};

/// The values that are allowed, for each column that is asked about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter(Vec<(&'static str, Vec<String>)>);

impl Filter {
    /// Of a stream's filter as it was given, coerced.
    pub fn of(stream: &Stream, given: &Value) -> Self {
        let (Which::Matching(by), Value::Object(fields)) = (stream.which, given) else { return Self::default() };
        let asked = by.iter().filter_map(|by| {
            let (_, value) = fields.iter().find(|(name, _)| name == by.name)?;
            match value {
                Value::List(items) => Some((by.column, items.iter().map(|item| stored(by, item)).collect())),
                // Null: not asked about.
                _ => None,
            }
        });
        Self(asked.collect())
    }

    /// The values that are allowed of a column; none where it is not asked about.
    pub fn asked(&self, column: &str) -> Vec<String> {
        self.0.iter().find(|(known, _)| *known == column).map(|(_, values)| values.clone()).unwrap_or_default()
    }

    /// The same, with these columns compared with these values alone: of an edge, those of the asked that lead to a visible row.
    #[must_use]
    pub fn among(&self, chosen: &[(&'static str, Vec<String>)]) -> Self {
        let of = |column: &str| chosen.iter().find(|(known, _)| *known == column).map(|(_, values)| values.clone());
        Self(self.0.iter().map(|(column, values)| (*column, of(column).unwrap_or_else(|| values.clone()))).collect())
    }

    /// Whether a row with these values is followed.
    pub fn allows(&self, directory: &Directory) -> bool {
        self.0.iter().all(|(column, values)| {
            directory.get(*column).and_then(Option::as_ref).is_some_and(|value| values.contains(value))
        })
    }
}

/// A value as its column holds it; a text that no column holds for an id of another type, or of none.
fn stored(by: &By, value: &Value) -> String {
    match (value, by.value) {
        (Value::Enum(name), ByValue::Enum(_)) => name.clone(),
        (Value::Text(id), ByValue::Id(kind)) => {
            parse_id(id).filter(|(of, _)| *of == kind).map_or_else(String::new, |(_, row)| row.to_owned())
        }
        _ => String::new(),
    }
}
