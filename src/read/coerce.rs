//! Input coercion (GraphQL specification, section 3 and 6.4.1), from the model: once for literals and defaults,
//! once for variables at every request. The library's validation is not relied on for any of this.

use std::collections::BTreeMap;

use async_graphql_value::Value as Literal;
use serde_json::Value as Json;

use super::value::{Arg, Value};
use crate::{
    clock,
    error::{Code, Error, Result},
    model::view::{InputField, InputRef, View},
};

/// The coerced variables of a request, by name; one that was not given and has no default is not there.
pub type Variables = BTreeMap<String, Value>;

/// Objects in objects, at most: filters nest through edges.
const DEEPEST: usize = 12;
/// Items of a list, at most.
const LONGEST: usize = 1000;

/// The variables that an operation declares, by name.
pub type Declared = BTreeMap<String, Declaration>;

/// How a variable is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// Its type.
    pub ty: InputRef,
    /// Whether it has a default that is not null.
    pub has_default: bool,
}

impl Declaration {
    /// Whether a value of the variable may stand where this type is expected (GraphQL specification, 5.8.5). What
    /// came as a variable is not coerced again: one value where a list is expected would be no list at all.
    fn fits(&self, place: &InputRef) -> bool {
        match (&self.ty, place) {
            (InputRef::NonNull(_), _) => is_subtype(&self.ty, place),
            (nullable, InputRef::NonNull(place)) => self.has_default && is_subtype(nullable, place),
            (nullable, place) => is_subtype(nullable, place),
        }
    }
}

fn is_subtype(ty: &InputRef, of: &InputRef) -> bool {
    match (ty, of) {
        (InputRef::NonNull(ty), InputRef::NonNull(of)) | (InputRef::List(ty), InputRef::List(of)) => is_subtype(ty, of),
        (InputRef::NonNull(ty), of) => is_subtype(ty, of),
        (ty, of) => ty == of,
    }
}

/// Coerces against the input types of one view.
#[derive(Clone, Copy, Debug)]
pub struct Coercion<'a> {
    /// The view.
    pub view: &'a View,
    /// What variables there may be.
    pub declared: &'a Declared,
}

/// An input value, wherever it was written.
enum Input<'a> {
    Json(&'a Json),
    Literal(&'a Literal, &'a Variables),
}

fn wrong(place: &str, expected: &str) -> Error {
    Error::input(format!("{place}: expected {expected}"))
}

impl Coercion<'_> {
    /// A variable's value from JSON.
    pub fn json(self, ty: &InputRef, value: &Json, place: &str) -> Result<Value> {
        match self.coerce(ty, &Input::Json(value), place, 0)? {
            Some(Arg::Fixed(value)) => Ok(value),
            _ => Ok(Value::Null),
        }
    }

    /// A constant of the document: a variable's default.
    pub fn constant(self, ty: &InputRef, value: &Literal, place: &str) -> Result<Value> {
        match self.coerce(ty, &Input::Literal(value, &Variables::new()), place, 0)? {
            Some(Arg::Fixed(value)) => Ok(value),
            _ => Ok(Value::Null),
        }
    }

    /// The arguments of a field: what was given, by name. One that was not given is not there.
    pub fn arguments(
        self,
        types: &[InputField],
        given: &[(String, &Literal)],
        variables: &Variables,
        field: &str,
    ) -> Result<BTreeMap<String, Arg>> {
        if let Some((name, _)) = given.iter().find(|(name, _)| types.iter().all(|ty| ty.name != *name)) {
            return Err(Error::new(
                Code::GraphqlValidationFailed,
                format!("unknown argument \"{name}\" on field \"{field}\""),
            ));
        }
        let mut arguments = BTreeMap::new();
        for ty in types {
            let place = format!("{field}({})", ty.name);
            let literal = given.iter().find(|(name, _)| *name == ty.name).map(|(_, literal)| *literal);
            let arg = match literal {
                Some(literal) => self.coerce(&ty.ty, &Input::Literal(literal, variables), &place, 0)?,
                None => None,
            };
            match arg {
                Some(arg) => {
                    arguments.insert(ty.name.clone(), arg);
                }
                None if matches!(ty.ty, InputRef::NonNull(_)) => return Err(wrong(&place, "a value")),
                None => {}
            }
        }
        Ok(arguments)
    }

    /// `None` is a variable that was not given.
    fn coerce(self, ty: &InputRef, input: &Input<'_>, place: &str, depth: usize) -> Result<Option<Arg>> {
        if depth > DEEPEST {
            return Err(Error::new(Code::QueryTooComplex, format!("{place}: input nested deeper than {DEEPEST}")));
        }
        if let Input::Literal(Literal::Variable(name), variables) = input {
            if !self.declared.get(name.as_str()).is_some_and(|declared| declared.fits(ty)) {
                let message = format!("{place}: expected {}, which ${name} is not declared to be", describe(ty));
                return Err(Error::new(Code::GraphqlValidationFailed, message));
            }
            let Some(value) = variables.get(name.as_str()) else {
                return match ty {
                    InputRef::NonNull(_) => Err(wrong(place, &format!("a value for ${name}"))),
                    _ => Ok(None),
                };
            };
            return match (ty, value) {
                (InputRef::NonNull(_), Value::Null) => Err(wrong(place, &format!("a value for ${name}, not null"))),
                _ => Ok(Some(Arg::Variable(name.to_string(), Vec::new(), value.clone()))),
            };
        }
        match ty {
            InputRef::NonNull(inner) if input.is_null() => Err(wrong(place, &format!("{}, not null", describe(inner)))),
            InputRef::NonNull(inner) => self.coerce(inner, input, place, depth),
            _ if input.is_null() => Ok(Some(Arg::Fixed(Value::Null))),
            InputRef::List(inner) => self.list(inner, input, place, depth).map(Some),
            InputRef::Object(name) => self.object(name, input, place, depth).map(Some),
            InputRef::Enum(name) => self.enum_value(name, input, place).map(|value| Some(Arg::Fixed(value))),
            InputRef::Scalar(name) => scalar(name, input)
                .map(|value| Some(Arg::Fixed(value)))
                .ok_or_else(|| wrong(place, describe_scalar(name))),
        }
    }

    fn list(self, inner: &InputRef, input: &Input<'_>, place: &str, depth: usize) -> Result<Arg> {
        let items: Vec<Input<'_>> = match input {
            Input::Json(Json::Array(items)) => items.iter().map(Input::Json).collect(),
            Input::Literal(Literal::List(items), variables) => {
                items.iter().map(|item| Input::Literal(item, variables)).collect()
            }
            // A value that is no list counts as a list of that value.
            Input::Json(one) => vec![Input::Json(one)],
            Input::Literal(one, variables) => vec![Input::Literal(one, variables)],
        };
        if items.len() > LONGEST {
            return Err(Error::new(
                Code::QueryTooComplex,
                format!("{place}: at most {LONGEST} items, not {}", items.len()),
            ));
        }
        let mut coerced = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let item = self.coerce(inner, item, &format!("{place}[{index}]"), depth + 1)?;
            coerced.push(item.unwrap_or(Arg::Fixed(Value::Null)));
        }
        Ok(settle_list(coerced))
    }

    fn object(self, name: &str, input: &Input<'_>, place: &str, depth: usize) -> Result<Arg> {
        let given: Vec<(&str, Input<'_>)> = match input {
            Input::Json(Json::Object(fields)) => {
                fields.iter().map(|(name, value)| (name.as_str(), Input::Json(value))).collect()
            }
            Input::Literal(Literal::Object(fields), variables) => {
                fields.iter().map(|(name, value)| (name.as_str(), Input::Literal(value, variables))).collect()
            }
            _ => return Err(wrong(place, &format!("an object of type {name}"))),
        };
        let Some(ty) = self.view.inputs.get(name) else {
            return Err(wrong(place, "a known type"));
        };
        if let Some((unknown, _)) = given.iter().find(|(field, _)| ty.fields.iter().all(|have| have.name != *field)) {
            return Err(Error::input(format!("{place}: {name} has no field \"{unknown}\"")));
        }
        let mut fields = Vec::new();
        for field in &ty.fields {
            let place = format!("{place}.{}", field.name);
            let value = match given.iter().find(|(name, _)| *name == field.name) {
                Some((_, input)) => self.coerce(&field.ty, input, &place, depth + 1)?,
                None => None,
            };
            match value {
                Some(value) => fields.push((field.name.clone(), value)),
                None if matches!(field.ty, InputRef::NonNull(_)) => return Err(wrong(&place, "a value")),
                None => {}
            }
        }
        Ok(settle_object(fields))
    }

    fn enum_value(self, name: &str, input: &Input<'_>, place: &str) -> Result<Value> {
        let given = match input {
            Input::Json(Json::String(text)) => Some(text.as_str()),
            Input::Literal(Literal::Enum(value), _) => Some(value.as_str()),
            _ => None,
        };
        // An enum value that the role's schema lacks is unknown, and nothing is suggested.
        given
            .filter(|given| self.view.enums.get(name).is_some_and(|known| known.values.iter().any(|(v, _)| v == given)))
            .map(|given| Value::Enum(given.to_owned()))
            .ok_or_else(|| wrong(place, &format!("a value of {name}")))
    }
}

impl Input<'_> {
    fn is_null(&self) -> bool {
        matches!(self, Self::Json(Json::Null) | Self::Literal(Literal::Null, _))
    }
}

/// A list of fixed values is one fixed value.
fn settle_list(items: Vec<Arg>) -> Arg {
    if items.iter().all(|item| matches!(item, Arg::Fixed(_))) {
        let values = items.into_iter().filter_map(|item| match item {
            Arg::Fixed(value) => Some(value),
            _ => None,
        });
        return Arg::Fixed(Value::List(values.collect()));
    }
    Arg::List(items)
}

/// An object of fixed values is one fixed value.
fn settle_object(fields: Vec<(String, Arg)>) -> Arg {
    if fields.iter().all(|(_, value)| matches!(value, Arg::Fixed(_))) {
        let values = fields.into_iter().filter_map(|(name, value)| match value {
            Arg::Fixed(value) => Some((name, value)),
            _ => None,
        });
        return Arg::Fixed(Value::Object(values.collect()));
    }
    Arg::Object(fields)
}

fn scalar(name: &str, input: &Input<'_>) -> Option<Value> {
    match name {
        "Int" => integer(input).filter(|n| i32::try_from(*n).is_ok()).map(Value::Int),
        "Float" => float(input).map(Value::Float),
        "Boolean" => match input {
            Input::Json(Json::Bool(value)) | Input::Literal(Literal::Boolean(value), _) => Some(Value::Bool(*value)),
            _ => None,
        },
        "ID" => text(input).map(str::to_owned).or_else(|| integer(input).map(|n| n.to_string())).map(Value::Text),
        _ => custom(name, text(input)?).map(Value::Text),
    }
}

/// Text and the custom scalars, in canonical form.
fn custom(name: &str, text: &str) -> Option<String> {
    // PostgreSQL has no U+0000 in text.
    if text.contains('\0') {
        return None;
    }
    match name {
        "DateTime" => clock::parse_instant(text).map(clock::instant),
        "Date" => clock::is_date(text).then(|| text.to_owned()),
        "PhoneNumber" => {
            let digits = text.strip_prefix('+')?;
            let fits = (3..=15).contains(&digits.len()) && !digits.starts_with('0');
            (fits && digits.bytes().all(|b| b.is_ascii_digit())).then(|| text.to_owned())
        }
        "EmailAddress" => {
            let (local, domain) = text.rsplit_once('@')?;
            (!local.is_empty() && !domain.is_empty()).then(|| text.to_owned())
        }
        "URL" => (text.starts_with("https://") || text.starts_with("http://")).then(|| text.to_owned()),
        _ => Some(text.to_owned()),
    }
}

fn text<'a>(input: &'a Input<'_>) -> Option<&'a str> {
    match input {
        Input::Json(Json::String(text)) | Input::Literal(Literal::String(text), _) => Some(text),
        _ => None,
    }
}

fn integer(input: &Input<'_>) -> Option<i64> {
    match input {
        Input::Json(Json::Number(number)) | Input::Literal(Literal::Number(number), _) => number.as_i64(),
        _ => None,
    }
}

fn float(input: &Input<'_>) -> Option<f64> {
    match input {
        Input::Json(Json::Number(number)) | Input::Literal(Literal::Number(number), _) => {
            number.as_f64().filter(|n| n.is_finite())
        }
        _ => None,
    }
}

fn describe(ty: &InputRef) -> String {
    match ty {
        InputRef::Scalar(name) => describe_scalar(name).to_owned(),
        InputRef::Enum(name) => format!("a value of {name}"),
        InputRef::Object(name) => format!("an object of type {name}"),
        InputRef::List(inner) => format!("a list of {}", describe(inner)),
        InputRef::NonNull(inner) => describe(inner),
    }
}

fn describe_scalar(name: &str) -> &'static str {
    match name {
        "Int" => "Int, a whole number of 32 bits",
        "Float" => "Float, a finite number",
        "Boolean" => "Boolean, true or false",
        "ID" => "ID, a string",
        "DateTime" => "DateTime, as 2026-11-22T09:30:00Z",
        "Date" => "Date, as 2026-11-22",
        "PhoneNumber" => "PhoneNumber, as +12025550123",
        "EmailAddress" => "EmailAddress, as watch@example.org",
        "URL" => "URL, beginning with https:// or http://",
        _ => "String, without the character U+0000",
    }
}
