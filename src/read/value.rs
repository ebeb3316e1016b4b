//! Values that were coerced, and arguments that remember where their values came from.

use super::sql::{Source, Step};

/// A coerced input value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Null.
    Null,
    /// Boolean.
    Bool(bool),
    /// Int.
    Int(i64),
    /// Float.
    Float(f64),
    /// String, ID and the custom scalars, in their canonical form.
    Text(String),
    /// An enum value.
    Enum(String),
    /// A list.
    List(Vec<Value>),
    /// An input object: the fields that were given, in the order of the type.
    Object(Vec<(String, Value)>),
}

/// An argument after coercion. What was written in the document is fixed; what came from a variable is known by
/// its way, so that a plan can be used again with other values.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    /// Written in the document.
    Fixed(Value),
    /// A variable, or a part of one, with the value it has in this request.
    Variable(String, Vec<Step>, Value),
    /// A list literal with a variable somewhere in it.
    List(Vec<Arg>),
    /// An object literal with a variable somewhere in it.
    Object(Vec<(String, Arg)>),
}

impl Arg {
    /// Whether it is null.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Fixed(Value::Null) | Self::Variable(_, _, Value::Null))
    }

    /// The fields of an object, in the order of its type.
    pub fn fields(&self) -> Vec<(String, Self)> {
        match self {
            Self::Object(fields) => fields.clone(),
            Self::Fixed(Value::Object(fields)) => {
                fields.iter().map(|(name, value)| (name.clone(), Self::Fixed(value.clone()))).collect()
            }
            Self::Variable(name, way, Value::Object(fields)) => fields
                .iter()
                .map(|(field, value)| {
                    let way = way.iter().cloned().chain([Step::Field(field.clone())]).collect();
                    (field.clone(), Self::Variable(name.clone(), way, value.clone()))
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The items of a list.
    pub fn items(&self) -> Vec<Self> {
        match self {
            Self::List(items) => items.clone(),
            Self::Fixed(Value::List(items)) => items.iter().cloned().map(Self::Fixed).collect(),
            Self::Variable(name, way, Value::List(items)) => items
                .iter()
                .enumerate()
                .map(|(index, value)| {
                    let way = way.iter().cloned().chain([Step::Item(index)]).collect();
                    Self::Variable(name.clone(), way, value.clone())
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// An enum value. Enums are part of a plan's shape, so the plan may depend on it.
    pub fn as_enum(&self) -> Option<&str> {
        match self {
            Self::Fixed(Value::Enum(name)) | Self::Variable(_, _, Value::Enum(name)) => Some(name),
            _ => None,
        }
    }

    /// A boolean. Booleans are part of a plan's shape, so the plan may depend on it.
    pub const fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Fixed(Value::Bool(value)) | Self::Variable(_, _, Value::Bool(value)) => Some(*value),
            _ => None,
        }
    }

    /// The public ids in it, one or a list, as they are in this request. Which types they name is part of a plan's
    /// shape.
    pub fn ids(&self) -> Vec<String> {
        match self {
            Self::Fixed(Value::Text(id)) | Self::Variable(_, _, Value::Text(id)) => vec![id.clone()],
            _ => self.items().iter().flat_map(Self::ids).collect(),
        }
    }

    /// The value in this request.
    pub fn value(&self) -> Value {
        match self {
            Self::Fixed(value) | Self::Variable(_, _, value) => value.clone(),
            Self::List(items) => Value::List(items.iter().map(Self::value).collect()),
            Self::Object(fields) => {
                Value::Object(fields.iter().map(|(name, field)| (name.clone(), field.value())).collect())
            }
        }
    }

    /// Where a parameter with this value comes from.
    pub fn source(&self) -> Source {
        match self {
            Self::Fixed(value) => Source::Fixed(value.clone()),
            Self::Variable(name, way, _) => Source::Variable(name.clone(), way.clone()),
            Self::List(items) => Source::List(items.iter().map(Self::source).collect()),
            // Objects are never bound.
            Self::Object(_) => Source::Fixed(Value::Null),
        }
    }
}

/// What a plan may depend on of a variable's value: null or absent, booleans, enums, object keys, which types an
/// id names, how long a list of objects is. Never a string, a number, or the length of a list of scalars.
pub fn shape(value: Option<&Value>, out: &mut String) {
    match value {
        None => out.push('-'),
        Some(Value::Null) => out.push('0'),
        Some(Value::Bool(true)) => out.push('t'),
        Some(Value::Bool(false)) => out.push('f'),
        Some(Value::Int(_) | Value::Float(_)) => out.push('#'),
        Some(Value::Text(text)) => {
            out.push('s');
            if let Some((kind, _)) = crate::model::parse_id(text) {
                out.push_str(kind.name());
            }
        }
        Some(Value::Enum(name)) => {
            out.push('e');
            out.push_str(name);
        }
        Some(Value::List(items)) => {
            out.push('[');
            if items.iter().all(|item| matches!(item, Value::Text(_) | Value::Int(_) | Value::Float(_))) {
                let mut kinds: Vec<_> = items
                    .iter()
                    .filter_map(|item| match item {
                        Value::Text(text) => crate::model::parse_id(text).map(|(kind, _)| kind.name()),
                        _ => None,
                    })
                    .collect();
                kinds.sort_unstable();
                kinds.dedup();
                out.push_str(&kinds.join("|"));
            } else {
                for item in items {
                    shape(Some(item), out);
                    out.push(',');
                }
            }
            out.push(']');
        }
        Some(Value::Object(fields)) => {
            out.push('{');
            for (name, value) in fields {
                out.push_str(name);
                out.push(':');
                shape(Some(value), out);
                out.push(',');
            }
            out.push('}');
        }
    }
}
