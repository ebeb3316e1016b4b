//! What a question should answer: rows, values, filters and orders by loops, each value behind its tier.

use std::{cell::RefCell, cmp::Ordering, collections::BTreeMap};

use chancery::{
    access::Kind,
    model::{
        definition,
        kit::{Direction, Field, Scalar, Search, Shape, Via},
    },
};
use serde_json::{Value, json};

use crate::{
    fields,
    grounds::{self, Tiers},
    rows::{Asker, Row, Rows, has_words, text, texts, truth},
};

/// An order: paths to fields with their directions.
pub type Order = Vec<(Vec<&'static str>, Direction)>;

/// All rows, as one asker may read them.
pub struct Oracle<'a> {
    pub rows: &'a Rows,
    pub asker: &'a Asker,
    known: RefCell<BTreeMap<(Kind, String), Tiers>>,
}

/// The public id of a row.
pub fn public(kind: Kind, row: &Row) -> String {
    format!("{}_{}", definition(kind).prefix, id(row))
}

fn id(row: &Row) -> &str {
    text(row, "id").expect("an id")
}

/// A response clock as it stands now, of what is kept of it.
fn clock(kept: &str, now: &str) -> Value {
    let kept: Vec<[Option<String>; 4]> = serde_json::from_str(kept).expect("four targets");
    let target = |[from, due, met, ended]: &[Option<String>; 4]| {
        let past = |until: &str| due.as_deref().is_some_and(|due| due < until);
        let state = match (met.as_deref(), ended.as_deref()) {
            (Some(met), _) if past(met) => "MET_LATE",
            (Some(_), _) => "MET",
            (None, Some(ended)) if past(ended) => "BREACHED",
            (None, Some(_)) => "ENDED",
            (None, None) if from.is_none() => "NOT_YET",
            (None, None) if due.is_none() => "STOPPED",
            (None, None) if past(now) => "BREACHED",
            (None, None) => "RUNNING",
        };
        json!({ "state": state, "due": due, "met": met })
    };
    json!({
        "acknowledge": target(&kept[0]), "firstAnswer": target(&kept[1]),
        "update": target(&kept[2]), "resolve": target(&kept[3]),
    })
}

impl<'a> Oracle<'a> {
    pub fn new(rows: &'a Rows, asker: &'a Asker) -> Self {
        Self { rows, asker, known: RefCell::default() }
    }

    /// The types of the asker's schema.
    pub fn kinds(&self) -> Vec<Kind> {
        Kind::ALL.into_iter().filter(|kind| fields::reach(self.asker.who.role, *kind).is_some()).collect()
    }

    /// The fields of a type in the asker's schema.
    pub fn fields(&self, kind: Kind) -> Vec<&'static Field> {
        fields::fields(self.asker.who.role, kind)
    }

    fn tiers(&self, kind: Kind, row: &Row) -> Tiers {
        let key = (kind, id(row).to_owned());
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let tiers = grounds::tiers(self.rows, self.asker, kind, row);
        self.known.borrow_mut().insert(key, tiers.clone());
        tiers
    }

    fn sees(&self, kind: Kind, row: &Row) -> bool {
        !self.tiers(kind, row).is_empty()
    }

    fn reads(&self, kind: Kind, row: &Row, field: &Field) -> bool {
        self.tiers(kind, row).contains(&fields::tier(kind, field.name))
    }

    /// The visible rows of a type.
    pub fn visible(&self, kind: Kind) -> Vec<&'a Row> {
        let rows = self.rows.all(definition(kind).table).iter();
        rows.filter(|row| self.sees(kind, row)).collect()
    }

    /// A row, if it is visible.
    pub fn row(&self, kind: Kind, id: &str) -> Option<&'a Row> {
        self.rows.one(definition(kind).table, id).filter(|row| self.sees(kind, row))
    }

    /// The value of a field that is no edge; null where it may not be read.
    pub fn value(&self, kind: Kind, row: &Row, field: &Field) -> Value {
        if !self.reads(kind, row, field) {
            return Value::Null;
        }
        match field.shape {
            Shape::Column { column, scalar, .. } => scalar_of(scalar, row, column),
            Shape::Reference { to, column } => {
                text(row, column).map_or(Value::Null, |id| json!(format!("{}_{id}", definition(to).prefix)))
            }
            Shape::Texts { column } => texts(text(row, column).expect("a list")),
            Shape::Lookup { key, table, column, scalar } => {
                let there = text(row, key).and_then(|id| self.rows.one(table, id));
                there.map_or(Value::Null, |there| scalar_of(scalar, there, column))
            }
            // From 1, with every change of the directory's values and every child that is seen; and how deep that is.
            Shape::Version { column, deeper: (deeper, _), children, by } => {
                let tiers = self.tiers(kind, row);
                let changes: usize = text(row, column).and_then(|text| text.parse().ok()).expect("a number");
                let handovers: usize = text(row, deeper).and_then(|text| text.parse().ok()).expect("a number");
                let handovers = if tiers.contains(&'C') { handovers } else { 0 };
                let seen = self.visible(children).into_iter().filter(|child| text(child, by) == Some(id(row)));
                let depth: usize =
                    "DCPSI".chars().zip([1, 2, 4, 8, 16]).filter(|(t, _)| tiers.contains(t)).map(|(_, b)| b).sum();
                json!((1 + changes + handovers + seen.count()) * 32 + depth)
            }
            Shape::ClockState { next, rest } => match text(row, next) {
                Some(due) if due < self.rows.now.as_str() => json!("BREACHED"),
                Some(_) => json!("RUNNING"),
                None => text(row, rest).map_or(Value::Null, |rest| json!(rest)),
            },
            Shape::Gather { table, key, column, only } => {
                let here = self.rows.all(table).iter().filter(|there| text(there, key) == Some(id(row)));
                let only = |there: &&Row| match table {
                    "agency_area" => text(there, "confirmed_at").is_some(),
                    "person" => {
                        let roles =
                            text(there, "roles").is_some_and(|roles| roles.contains("REGIONAL_SECURITY_OFFICER"));
                        roles && text(there, "disabled_at").is_none()
                    }
                    _ => {
                        assert!(only.is_none(), "the oracle does not know which rows of {table} count");
                        true
                    }
                };
                let mut found: Vec<&str> = here.filter(only).filter_map(|there| text(there, column)).collect();
                found.sort_unstable();
                json!(found)
            }
            Shape::Clock { column } => text(row, column).map_or(Value::Null, |kept| clock(kept, &self.rows.now)),
            Shape::Serving(_) => self.serving(row, field.name),
            Shape::Readiness(_) => self.readiness(row, field.name),
            Shape::Edge { .. } | Shape::Connection { .. } | Shape::Rota { .. } => panic!("{} is no value", field.name),
        }
    }

    /// The row that an edge leads to, if it may be followed and the row is visible.
    pub fn far(&self, kind: Kind, row: &Row, field: &Field) -> Option<&'a Row> {
        let Shape::Edge { to, column } = field.shape else { panic!("{} is no edge", field.name) };
        if !self.reads(kind, row, field) {
            return None;
        }
        self.row(to, text(row, column)?)
    }

    /// The visible rows of a connection; none where it may not be read.
    pub fn many(&self, kind: Kind, row: &Row, field: &Field) -> Vec<&'a Row> {
        let Shape::Connection { to, via } = field.shape else { panic!("{} is no connection", field.name) };
        if !self.reads(kind, row, field) {
            return vec![];
        }
        let mut found = self.visible(to);
        found.retain(|there| match via {
            Via::Column(column) => text(there, column) == Some(id(row)),
            Via::Link { table, here, there: far } => self.rows.pair(table, (here, id(row)), (far, id(there))),
        });
        found
    }

    /// What of some rows matches a filter, in an order.
    pub fn listed(&self, kind: Kind, mut rows: Vec<&'a Row>, filter: Option<&Value>, order: &Order) -> Vec<&'a Row> {
        rows.retain(|row| filter.is_none_or(|filter| self.matches(kind, row, filter) == Some(true)));
        let default = || definition(kind).default_order.iter().map(|(name, way)| (vec![*name], *way)).collect();
        let order: Order = if order.is_empty() { default() } else { order.clone() };
        let first = order.first().map_or(Direction::Asc, |(_, way)| *way);
        rows.sort_by(|a, b| {
            let keys = order.iter().map(|(path, way)| {
                let (a, b) = (self.key(kind, a, path), self.key(kind, b, path));
                match (a, b) {
                    (Some(a), Some(b)) => turned(a.cmp(&b), *way),
                    // What is not there sorts last, whichever way.
                    (a, b) => b.is_some().cmp(&a.is_some()),
                }
            });
            keys.fold(Ordering::Equal, Ordering::then).then_with(|| turned(id(a).cmp(id(b)), first))
        });
        rows
    }

    /// What a row is ordered by.
    fn key(&self, kind: Kind, row: &Row, path: &[&str]) -> Option<Key> {
        let (name, rest) = path.split_first().expect("a path");
        let field = definition(kind).field(name).expect("a field");
        if let Shape::Edge { to, .. } = field.shape {
            return self.key(to, self.far(kind, row, field)?, rest);
        }
        match (self.value(kind, row, field), field.shape.scalar()) {
            (Value::String(text), Some(Scalar::Enum(def))) => {
                def.values.iter().position(|(value, _)| *value == text).map(Key::Rank)
            }
            (Value::String(text), _) => Some(Key::Text(text)),
            (Value::Null, _) => None,
            (other, _) => panic!("an order by {other}"),
        }
    }

    /// Whether a row matches a filter; `None` where that is neither true nor false.
    pub fn matches(&self, kind: Kind, row: &Row, filter: &Value) -> Option<bool> {
        let fields = filter.as_object().expect("an object");
        all(fields.iter().map(|(name, by)| match name.as_str() {
            "not" => self.matches(kind, row, by).map(|verdict| !verdict),
            "and" => all(items(by).map(|item| self.matches(kind, row, item))),
            "or" => all(items(by).map(|item| self.matches(kind, row, item).map(|verdict| !verdict))).map(|all| !all),
            "id" => compare(&json!(public(kind, row)), by),
            name => {
                let field = definition(kind).field(name).expect("a field");
                match field.shape {
                    Shape::Edge { to, .. } => self.matches(to, self.far(kind, row, field)?, by),
                    Shape::Connection { to, .. } => {
                        let there = self.many(kind, row, field);
                        let hits =
                            |by: &Value| there.iter().filter(|far| self.matches(to, far, by) == Some(true)).count();
                        let quantified = |(quantifier, by): (&String, &Value)| match quantifier.as_str() {
                            "some" => hits(by) > 0,
                            "every" => hits(by) == there.len(),
                            "none" => hits(by) == 0,
                            other => panic!("{other}"),
                        };
                        Some(by.as_object().expect("quantifiers").iter().all(quantified))
                    }
                    _ => compare(&self.value(kind, row, field), by),
                }
            }
        }))
    }

    /// The rows that `search` finds by some words, the last as a beginning: newest first.
    pub fn found(&self, words: &[String]) -> Vec<String> {
        let mut found = Vec::new();
        for kind in self.kinds() {
            let fields = self.fields(kind);
            if !fields.iter().any(|field| field.search == Search::Words) {
                continue;
            }
            for row in self.visible(kind) {
                let value = |field: &&&Field| self.value(kind, row, field).as_str().map(str::to_owned);
                let of = |what| fields.iter().filter(move |field| field.search == what);
                let readable: Vec<String> = of(Search::Words).filter_map(|field| value(&field)).collect();
                if has_words(&readable.join("\n"), words) {
                    let at = of(Search::Date).find_map(|field| value(&field)).unwrap_or_default();
                    found.push((at, id(row), public(kind, row)));
                }
            }
        }
        found.sort_unstable();
        found.into_iter().rev().map(|(_, _, id)| id).collect()
    }

    /// How many rows of a type there are in each group: by the value of a field, or by the row that an edge leads to.
    pub fn counted(&self, kind: Kind, path: &[&str], filter: Option<&Value>) -> BTreeMap<Option<String>, usize> {
        let mut groups = BTreeMap::new();
        for row in self.listed(kind, self.visible(kind), filter, &vec![]) {
            *groups.entry(self.along(kind, row, path)).or_default() += 1;
        }
        groups
    }

    fn along(&self, kind: Kind, row: &Row, path: &[&str]) -> Option<String> {
        let (name, rest) = path.split_first()?;
        let field = definition(kind).field(name).expect("a field");
        match field.shape {
            Shape::Edge { to, .. } => {
                let far = self.far(kind, row, field)?;
                if rest.is_empty() { Some(public(to, far)) } else { self.along(to, far, rest) }
            }
            _ => self.value(kind, row, field).as_str().map(str::to_owned),
        }
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Rank(usize),
    Text(String),
}

fn turned(ordering: Ordering, way: Direction) -> Ordering {
    if way == Direction::Desc { ordering.reverse() } else { ordering }
}

fn scalar_of(scalar: Scalar, row: &Row, column: &str) -> Value {
    let Some(value) = text(row, column) else { return Value::Null };
    match scalar {
        Scalar::Boolean => json!(truth(row, column)),
        Scalar::Int | Scalar::Float => json!(value.parse::<f64>().expect("a number")),
        _ => json!(value),
    }
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().expect("a list").iter()
}

/// A conjunction: false if one is false, else unknown if one is unknown.
fn all(verdicts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let verdicts: Vec<Option<bool>> = verdicts.collect();
    if verdicts.contains(&Some(false)) {
        Some(false)
    } else if verdicts.contains(&None) {
        None
    } else {
        Some(true)
    }
}

/// Law 2: of comparisons with what is not there only `isNull` has an answer.
fn compare(value: &Value, by: &Value) -> Option<bool> {
    all(by.as_object().expect("comparisons").iter().map(|(operator, operand)| {
        if operator == "isNull" {
            return Some(value.is_null() == (*operand == json!(true)));
        }
        if value.is_null() {
            return None;
        }
        let ordering = |operand: &Value| match (value, operand) {
            (Value::Number(a), Value::Number(b)) => a.as_f64().partial_cmp(&b.as_f64()).expect("numbers"),
            (Value::String(a), Value::String(b)) => a.cmp(b),
            (a, b) => {
                if a == b {
                    Ordering::Equal
                } else {
                    panic!("{a} and {b}")
                }
            }
        };
        let part = || (value.as_str().expect("text"), operand.as_str().expect("text"));
        Some(match operator.as_str() {
            "eq" if value.is_boolean() => value == operand,
            "eq" => ordering(operand).is_eq(),
            "in" => items(operand).any(|operand| ordering(operand).is_eq()),
            "gt" => ordering(operand).is_gt(),
            "gte" => ordering(operand).is_ge(),
            "lt" => ordering(operand).is_lt(),
            "lte" => ordering(operand).is_le(),
            "contains" => part().0.contains(part().1),
            "startsWith" => part().0.starts_with(part().1),
            other => panic!("{other}"),
        })
    }))
}
