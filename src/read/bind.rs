//! From recipes to the values of one request.

use std::{collections::HashMap, sync::Arc};

use time::Duration;

use super::{
    coerce::Variables,
    cursor::CursorSeal,
    gate::Scope,
    plan::Plan,
    sql::{Bind, BindType, Source, Step},
    value::Value,
    zone,
};
use crate::{
    access::Held,
    clock::parse_instant,
    error::{Error, Result},
    model::{parse_id, query::ViewerSource, words},
};

/// The largest page.
pub const LARGEST_PAGE: i64 = 100;
/// The most ids that `nodes` takes.
pub const MOST_NODES: usize = 100;

/// Who asks, as far as a statement needs to know.
#[derive(Clone, Debug)]
pub struct Asker {
    /// The scope: plans are written for one, and the wall is told of it.
    pub scope: Scope,
    /// The keys held now.
    pub keys: Arc<[String]>,
    /// The present, canonical.
    pub now: String,
    /// What cursors are bound to: policy epoch, role, agency, person.
    pub bearer: String,
    /// The row id of the principal's agency.
    pub agency: String,
    /// The row id of the principal's person.
    pub person: String,
    /// The row ids that a command made or changed, for its payload; empty where there is none.
    pub changed: Vec<String>,
    /// The request that is answered, for the log.
    pub request_id: String,
    /// What `viewer` says, where it is asked ([`Plan::tells_viewer`]).
    pub viewer: Vec<(ViewerSource, Value)>,
}

/// A value as a driver takes it.
#[derive(Clone, Debug, PartialEq)]
pub enum Parameter {
    /// Text.
    Text(Option<String>),
    /// A whole number.
    Int(Option<i64>),
    /// A number.
    Float(Option<f64>),
    /// True or false.
    Bool(Option<bool>),
    /// Texts.
    Texts(Vec<String>),
    /// The principal's keys, or those of them that some lines may have: texts.
    Keys(Arc<[String]>, Option<Arc<Held>>),
    /// Whole numbers.
    Ints(Vec<i64>),
    /// Numbers.
    Floats(Vec<f64>),
}

/// The keys of a parameter.
pub(crate) fn keys<'k>(held: &'k [String], of: Option<&Held>) -> Vec<&'k str> {
    held.iter().filter(|key| of.is_none_or(|of| of.has(key))).map(String::as_str).collect()
}

/// The parameters of a plan for one request. A cursor that does not fit, or a page that is too large, is an error
/// here: these are values, and a plan depends on shapes only.
pub fn parameters(
    plan: &Plan,
    variables: &Variables,
    asker: &Asker,
    seal: &CursorSeal,
    nonce: &str,
) -> Result<Vec<Parameter>> {
    let mut binder = Binder { variables, asker, seal: Some(seal), nonce, opened: HashMap::new() };
    plan.binds.iter().map(|bind| binder.parameter(bind)).collect()
}

/// The parameters of a statement that has neither variables nor cursors.
pub fn values(binds: &[Bind], asker: &Asker) -> Result<Vec<Parameter>> {
    let variables = Variables::new();
    let mut binder = Binder { variables: &variables, asker, seal: None, nonce: "", opened: HashMap::new() };
    binds.iter().map(|bind| binder.parameter(bind)).collect()
}

/// How long a list is at most, by the parameter that bounds it: a number, or a list of ids.
pub(super) fn length(bind: &Bind, variables: &Variables, asker: &Asker) -> Result<u64> {
    let mut binder = Binder { variables, asker, seal: None, nonce: "", opened: HashMap::new() };
    // A page that is too large is said to be that.
    binder.parameter(bind)?;
    Ok(match binder.value(&bind.source)? {
        Value::Int(size) => u64::try_from(size).unwrap_or_default(),
        Value::List(ids) => ids.len() as u64,
        _ => 0,
    })
}

struct Binder<'a> {
    variables: &'a Variables,
    asker: &'a Asker,
    /// None where no cursor can be.
    seal: Option<&'a CursorSeal>,
    nonce: &'a str,
    /// Cursors that were opened, by text and order.
    opened: HashMap<(String, String), Vec<Value>>,
}

impl Binder<'_> {
    fn parameter(&mut self, bind: &Bind) -> Result<Parameter> {
        // Keys are many, and in every statement.
        if bind.source == Source::Keys && bind.ty == BindType::Texts {
            return Ok(Parameter::Keys(self.asker.keys.clone(), None));
        }
        if let (Source::KeysOf(kinds), BindType::Texts) = (&bind.source, bind.ty) {
            return Ok(Parameter::Keys(self.asker.keys.clone(), Some(kinds.clone())));
        }
        let value = self.value(&bind.source)?;
        Ok(match bind.ty {
            BindType::Text => Parameter::Text(text(value)),
            BindType::Int => Parameter::Int(match value {
                Value::Int(n) => Some(n),
                _ => None,
            }),
            BindType::Float => Parameter::Float(float(&value)),
            BindType::Bool => Parameter::Bool(match value {
                Value::Bool(b) => Some(b),
                _ => None,
            }),
            BindType::Texts => Parameter::Texts(items(value).into_iter().filter_map(text).collect()),
            BindType::Ints => Parameter::Ints(
                items(value)
                    .into_iter()
                    .filter_map(|item| match item {
                        Value::Int(n) => Some(n),
                        _ => None,
                    })
                    .collect(),
            ),
            BindType::Floats => Parameter::Floats(items(value).iter().filter_map(float).collect()),
            BindType::Id(kind) => Parameter::Text(Some(row_of(kind, &value))),
            BindType::Ids(kind) => Parameter::Texts(items(value).iter().map(|item| row_of(kind, item)).collect()),
            BindType::NodeIds => Parameter::Text(Some(node_ids(items(value))?)),
            BindType::JsonTexts => {
                let texts: Vec<String> = items(value).into_iter().filter_map(text).collect();
                Parameter::Text(Some(serde_json::Value::from(texts).to_string()))
            }
            BindType::Words(argument) => match text(value).as_deref().and_then(words::asked) {
                Some(words) => Parameter::Text(Some(words)),
                None => return Err(Error::input(format!("{argument}: expected {}", words::expectation()))),
            },
            BindType::Within(argument, low, high) => match float(&value) {
                Some(number) if (f64::from(low)..=f64::from(high)).contains(&number) => Parameter::Float(Some(number)),
                _ => return Err(Error::input(format!("{argument}: expected a number from {low} to {high}"))),
            },
            BindType::PageSize(argument) => match value {
                Value::Int(size) if (0..=LARGEST_PAGE).contains(&size) => Parameter::Int(Some(size)),
                _ => return Err(Error::input(format!("{argument}: expected 0 to {LARGEST_PAGE}"))),
            },
        })
    }

    fn value(&mut self, source: &Source) -> Result<Value> {
        Ok(match source {
            Source::Fixed(value) => value.clone(),
            Source::Variable(name, way) => follow(self.variables.get(name), way),
            Source::List(sources) => Value::List(sources.iter().map(|item| self.value(item)).collect::<Result<_>>()?),
            Source::Keys => Value::List(self.asker.keys.iter().cloned().map(Value::Text).collect()),
            // Texts, and read where they are bound.
            Source::KeysOf(_) => Value::Null,
            Source::Now => Value::Text(self.asker.now.clone()),
            Source::DaysAhead(days) => {
                let now =
                    parse_instant(&self.asker.now).ok_or_else(|| Error::internal("a present that is no instant"))?;
                let day = now.date().saturating_add(Duration::days(*days));
                Value::Text(day.to_string())
            }
            Source::Nonce => Value::Text(self.nonce.to_owned()),
            Source::Around { latitude, coefficient } => {
                float(&self.value(latitude)?).map_or(Value::Null, |degrees| Value::Float(coefficient.around(degrees)))
            }
            Source::Zone { name, argument } => {
                let name = text(self.value(name)?).unwrap_or_default();
                Value::Text(zone::offsets(argument, &name, &self.asker.now)?)
            }
            Source::Until { to, from, argument, days } => {
                let [from, to] = [from, to].map(|at| Ok::<_, Error>(text(self.value(at)?)));
                let (from, to) = (from?, to?);
                let instants = from.as_deref().and_then(parse_instant).zip(to.as_deref().and_then(parse_instant));
                if instants.is_none_or(|(from, to)| to - from > Duration::days(*days)) {
                    return Err(Error::input(format!(
                        "{argument}: expected an instant at most {days} days after the beginning of the window"
                    )));
                }
                to.map_or(Value::Null, Value::Text)
            }
            Source::ViewerAgency => Value::Text(self.asker.agency.clone()),
            Source::ViewerPerson => Value::Text(self.asker.person.clone()),
            Source::Changed(index) => Value::Text(self.asker.changed.get(*index).cloned().unwrap_or_default()),
            Source::Viewer(of) => {
                self.asker.viewer.iter().find(|(have, _)| have == of).map_or(Value::Null, |(_, value)| value.clone())
            }
            Source::Cursor { of, argument, spec, part } => {
                let cursor = text(self.value(of)?).unwrap_or_default();
                let key = (cursor, spec.order.clone());
                if !self.opened.contains_key(&key) {
                    let seal = self.seal.ok_or_else(|| Error::internal("a cursor where none can be opened"))?;
                    let position = seal.open(&self.asker.bearer, spec, argument, &key.0)?;
                    self.opened.insert(key.clone(), position);
                }
                self.opened.get(&key).and_then(|position| position.get(*part)).cloned().unwrap_or(Value::Null)
            }
        })
    }
}

fn follow(value: Option<&Value>, way: &[Step]) -> Value {
    let mut value = value;
    for step in way {
        value = match (value, step) {
            (Some(Value::Object(fields)), Step::Field(name)) => {
                fields.iter().find(|(field, _)| field == name).map(|(_, value)| value)
            }
            (Some(Value::List(items)), Step::Item(index)) => items.get(*index),
            // Where a list is expected, one value counts as a list of it.
            (one, Step::Item(0)) => one,
            _ => None,
        };
    }
    value.cloned().unwrap_or(Value::Null)
}

fn items(value: Value) -> Vec<Value> {
    match value {
        Value::List(items) => items,
        Value::Null => Vec::new(),
        one => vec![one],
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::Text(text) | Value::Enum(text) => Some(text),
        _ => None,
    }
}

#[allow(clippy::cast_precision_loss, reason = "an Int of 32 bits fits a double exactly")]
fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Float(number) => Some(*number),
        Value::Int(number) => Some(*number as f64),
        _ => None,
    }
}

/// The row id in a public id of the type; an empty text, which is no row's id, for any other.
fn row_of(kind: crate::access::Kind, id: &Value) -> String {
    let Value::Text(id) = id else { return String::new() };
    parse_id(id).filter(|(of, _)| *of == kind).map_or_else(String::new, |(_, row)| row.to_owned())
}

/// `[["Mission","01J…"],["",""]]`: an id that is none keeps its place.
fn node_ids(ids: Vec<Value>) -> Result<String> {
    if ids.len() > MOST_NODES {
        return Err(Error::input(format!("ids: expected at most {MOST_NODES}, not {}", ids.len())));
    }
    let pairs: Vec<[String; 2]> = ids
        .into_iter()
        .map(|id| {
            let id = text(id).unwrap_or_default();
            parse_id(&id).map_or_else(Default::default, |(kind, row)| [kind.name().to_owned(), row.to_owned()])
        })
        .collect();
    serde_json::to_string(&pairs).map_err(Error::internal)
}
