//! Reads a JSON object field by field, so that an error names the field and what was expected.

use serde_json::{Map, Value};

use crate::{
    desk::is_invisible,
    error::{Error, Result},
    identity::strict_object,
};

/// The members of an object that were not read yet.
pub(super) struct Form {
    members: Map<String, Value>,
    known: Vec<&'static str>,
}

impl Form {
    /// The form in a text.
    pub(super) fn parse(json: &str) -> Result<Self> {
        let members = strict_object(json.as_bytes()).map_err(Error::input)?;
        Ok(Self { members, known: Vec::new() })
    }

    /// A mandatory text.
    pub(super) fn text(&mut self, field: &'static str) -> Result<String> {
        self.optional_text(field)?.ok_or_else(|| Error::input(format!("`{field}` is missing: expected a text")))
    }

    /// A text, or null, or nothing.
    pub(super) fn optional_text(&mut self, field: &'static str) -> Result<Option<String>> {
        match self.take(field) {
            None => Ok(None),
            Some(Value::String(text)) if !text.trim().is_empty() => Ok(Some(text.trim().to_owned())),
            Some(_) => Err(expected(field, "a text that is not empty")),
        }
    }

    /// A list of texts; nothing is an empty list.
    pub(super) fn texts(&mut self, field: &'static str) -> Result<Vec<String>> {
        let wrong = || expected(field, "a list of texts");
        match self.take(field) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => {
                items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
            }
            Some(_) => Err(wrong()),
        }
    }

    /// A positive whole number, or nothing.
    pub(super) fn positive(&mut self, field: &'static str) -> Result<Option<i64>> {
        let wrong = || expected(field, "a whole number above zero");
        let Some(value) = self.take(field) else { return Ok(None) };
        value.as_i64().filter(|number| *number > 0).map(Some).ok_or_else(wrong)
    }

    /// Degrees within plus and minus `bound`, or nothing.
    pub(super) fn degrees(&mut self, field: &'static str, bound: f64) -> Result<Option<f64>> {
        let Some(value) = self.take(field) else { return Ok(None) };
        let degrees = value.as_f64().filter(|degrees| degrees.abs() <= bound).map(Some);
        degrees.ok_or_else(|| expected(field, &format!("degrees between -{bound} and {bound}")))
    }

    /// True or false; nothing is false.
    pub(super) fn flag(&mut self, field: &'static str) -> Result<bool> {
        match self.take(field) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(_) => Err(expected(field, "true or false")),
        }
    }

    /// A JWK set (RFC 7517 §5), or nothing.
    pub(super) fn jwks(&mut self, field: &'static str) -> Result<Vec<Map<String, Value>>> {
        let wrong = || expected(field, "a JWK set: an object with a list `keys` of JWKs");
        let mut set = match self.take(field) {
            None => return Ok(Vec::new()),
            Some(Value::Object(set)) => set,
            Some(_) => return Err(wrong()),
        };
        let Some(Value::Array(keys)) = set.remove("keys") else { return Err(wrong()) };
        let object = |key| match key {
            Value::Object(jwk) => Ok(jwk),
            _ => Err(wrong()),
        };
        keys.into_iter().map(object).collect()
    }

    /// The end: whatever was not read is refused.
    pub(super) fn finish(self) -> Result<()> {
        match self.members.keys().next() {
            None => Ok(()),
            Some(field) => {
                Err(Error::input(format!("`{field}` is not a field here: expected one of {}", self.known.join(", "))))
            }
        }
    }

    /// Null counts as nothing.
    fn take(&mut self, field: &'static str) -> Option<Value> {
        self.known.push(field);
        self.members.remove(field).filter(|value| !value.is_null())
    }
}

/// Refuses a text that people would read as another.
pub(super) fn check_visible(field: &str, text: Option<&str>) -> Result<()> {
    match text {
        Some(text) if text.chars().any(|c| c.is_control() || is_invisible(c)) => {
            Err(expected(field, "a text without invisible or control characters"))
        }
        _ => Ok(()),
    }
}

/// The error of a field that holds something else.
pub(super) fn expected(field: &str, what: &str) -> Error {
    Error::input(format!("`{field}`: expected {what}"))
        .with("input", serde_json::json!(["input", field]))
        .with("expected", what.into())
}
