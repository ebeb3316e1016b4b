//! Random questions that follow a role's schema, and what the oracle says of each.

use std::fmt::Write as _;

use chancery::{
    access::Kind,
    model::{
        definition,
        kit::{Direction, Field, Shape},
        stats,
    },
};
use serde_json::{Map, Value, json};

use crate::{
    answer::{Oracle, Order, public},
    rows::Row,
    support::{CLOCK, app::App},
    today::is_due,
};

/// What is asked of one row.
#[derive(Clone, Debug)]
pub enum Pick {
    Value(&'static Field),
    Edge(&'static Field, Kind, Vec<Pick>),
    Many(&'static Field, String, List),
}

/// A list, its page and what is asked of its rows.
#[derive(Clone, Debug)]
pub struct List {
    pub kind: Kind,
    pub filter: Option<Value>,
    pub order: Order,
    pub size: usize,
    pub backward: bool,
    /// Of programmes: only those that are due before a day.
    pub before: Option<String>,
    pub picks: Vec<Pick>,
}

/// One question.
#[derive(Debug)]
pub enum Question {
    /// A list of `Query`.
    List(&'static str, List),
    /// Rows by their ids, whoever may see them.
    Nodes(Vec<String>, Kind, Vec<Pick>),
    /// Words.
    Search(Vec<String>, usize),
    /// Rows in groups, by a field of `Query`.
    Statistics(&'static str, &'static stats::Statistics, &'static stats::Grouping, Option<Value>),
    /// Nothing can be asked in this role.
    Nothing,
}

impl Question {
    /// Asks the server and compares; how many rows were answered. Nothing where a bound was met: chance may write what
    /// is too large.
    pub async fn ask(&self, app: &App, oracle: &Oracle<'_>) -> Result<Option<usize>, String> {
        let mut variables = Map::new();
        let (query, right) = match self {
            Self::Nothing => return Ok(Some(0)),
            Self::List(root, list) => {
                let text = format!("{root}{}", list.written(&mut variables));
                (text, json!({ *root: list.answer(oracle, list.rows(oracle)) }))
            }
            Self::Nodes(ids, kind, picks) => {
                let inner: String = picks.iter().map(|pick| pick.written(&mut variables)).collect();
                variables.insert("ids".to_owned(), json!(ids));
                let right: Vec<Value> = ids.iter().map(|id| node(oracle, id, *kind, picks)).collect();
                let text = format!("nodes(ids: $ids) {{ __typename id ... on {} {{ id {inner} }} }}", kind.name());
                (text, json!({ "nodes": right }))
            }
            Self::Search(words, size) => {
                variables.insert("text".to_owned(), json!(words.join(" ")));
                let found = oracle.found(words);
                let nodes: Vec<Value> = found.iter().take(*size).map(|id| json!({ "id": id })).collect();
                let text =
                    format!("search(text: $text, first: {size}) {{ totalCount nodes {{ ... on Node {{ id }} }} }}");
                (text, json!({ "search": { "totalCount": found.len(), "nodes": nodes } }))
            }
            Self::Statistics(root, of, grouping, filter) => {
                let kind = of.kind.name();
                variables.extend(filter.clone().map(|filter| (format!("f0_{kind}"), filter)));
                let groups = oracle.counted(of.kind, grouping.path, filter.as_ref());
                let count: usize = groups.values().sum();
                let groups: Vec<Value> =
                    groups.iter().map(|(key, count)| json!({ "count": count, "keys": [{ "value": key }] })).collect();
                let text = format!(
                    "stats: {root}(groupBy: {}, filter: $f0_{kind}, first: 1000) {{ count groups {{ count keys {{ value }} }} }}",
                    grouping.name
                );
                (text, json!({ "stats": { "count": count, "groups": groups } }))
            }
        };
        let declared: Vec<String> = variables.keys().map(|name| format!("${name}: {}", self.type_of(name))).collect();
        let declared = if declared.is_empty() { String::new() } else { format!("({})", declared.join(", ")) };
        let query = format!("query Q{declared} {{ {query} }}");
        let variables = Value::Object(variables);
        let reply = app.ask(&oracle.asker.who, &query, variables.clone()).await;
        if reply.code() == "QUERY_TOO_COMPLEX" {
            return Ok(None);
        }
        let (mut found, mut right) = (plain(&reply.json["data"]), plain(&right));
        if let Self::Statistics(..) = self {
            // Largest first; among equals the server's own order.
            for answer in [&mut found, &mut right] {
                if let Some(groups) = answer["stats"]["groups"].as_array_mut() {
                    groups.sort_by_key(Value::to_string);
                }
            }
        }
        if reply.json.get("errors").is_none() && found == right {
            return Ok(Some(rows_in(&found)));
        }
        Err(format!("{:?}\n{query}\n{variables}\nserver: {}\noracle: {right}", oracle.asker.who, reply.text))
    }

    fn type_of(&self, variable: &str) -> String {
        match (self, variable) {
            (_, "ids") => "[ID!]!".to_owned(),
            (_, "text") => "String!".to_owned(),
            // A filter is called after its place and its type.
            (_, name) => format!("{}Filter", name.split_once('_').expect("a type").1),
        }
    }
}

fn node(oracle: &Oracle, id: &str, kind: Kind, picks: &[Pick]) -> Value {
    let Some((of, row)) = chancery::model::parse_id(id) else { return Value::Null };
    let row = if oracle.kinds().contains(&of) { oracle.row(of, row) } else { None };
    let Some(row) = row else { return Value::Null };
    let mut answer = json!({ "__typename": of.name(), "id": id });
    if of == kind {
        for pick in picks {
            pick.answer(oracle, kind, row, answer.as_object_mut().expect("an object"));
        }
    }
    answer
}

fn rows_in(answer: &Value) -> usize {
    match answer {
        Value::Array(items) => items.iter().map(rows_in).sum(),
        Value::Object(fields) => usize::from(fields.contains_key("id")) + fields.values().map(rows_in).sum::<usize>(),
        _ => 0,
    }
}

/// Numbers as doubles: `40` and `40.0` are one value.
fn plain(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(key, value)| (key.clone(), plain(value))).collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

impl Pick {
    fn written(&self, variables: &mut Map<String, Value>) -> String {
        match self {
            Self::Value(field) if matches!(field.shape, Shape::Clock { .. }) => format!("{} {CLOCK} ", field.name),
            Self::Value(field) if matches!(field.shape, Shape::Readiness(_)) => {
                format!("{} {{ state open overdue dueSoon nextDueOn }} ", field.name)
            }
            Self::Value(field) => format!("{} ", field.name),
            Self::Edge(field, _, picks) => {
                let inner: String = picks.iter().map(|pick| pick.written(variables)).collect();
                format!("{} {{ id {inner} }} ", field.name)
            }
            Self::Many(field, key, list) => format!("{key}: {}{} ", field.name, list.written(variables)),
        }
    }

    fn answer(&self, oracle: &Oracle, kind: Kind, row: &Row, into: &mut Map<String, Value>) {
        let (key, value) = match self {
            Self::Value(field) => (field.name, oracle.value(kind, row, field)),
            Self::Edge(field, to, picks) => {
                let far = oracle.far(kind, row, field).map(|far| object(oracle, *to, far, picks));
                (field.name, far.unwrap_or(Value::Null))
            }
            Self::Many(field, key, list) => (key.as_str(), list.answer(oracle, oracle.many(kind, row, field))),
        };
        into.insert(key.to_owned(), value);
    }
}

fn object(oracle: &Oracle, kind: Kind, row: &Row, picks: &[Pick]) -> Value {
    let mut answer = Map::from_iter([("id".to_owned(), json!(public(kind, row)))]);
    for pick in picks {
        pick.answer(oracle, kind, row, &mut answer);
    }
    Value::Object(answer)
}

impl List {
    /// The rows of a list of `Query`, before a filter.
    pub fn rows<'a>(&self, oracle: &Oracle<'a>) -> Vec<&'a Row> {
        let mut rows = oracle.visible(self.kind);
        rows.retain(|row| self.before.as_ref().is_none_or(|before| is_due(row, before)));
        rows
    }

    /// The arguments that say which rows and in which order; filters go into variables.
    pub fn arguments(&self, variables: &mut Map<String, Value>) -> String {
        let mut written = String::new();
        if let Some(before) = &self.before {
            write!(written, ", before: {before:?}").expect("text");
        }
        if let Some(filter) = &self.filter {
            let name = format!("f{}_{}", variables.len(), self.kind.name());
            write!(written, ", filter: ${name}").expect("text");
            variables.insert(name, filter.clone());
        }
        if !self.order.is_empty() {
            let keys: Vec<String> = self.order.iter().map(|(path, way)| order_name(self.kind, path, *way)).collect();
            write!(written, ", orderBy: [{}]", keys.join(", ")).expect("text");
        }
        written
    }

    fn written(&self, variables: &mut Map<String, Value>) -> String {
        let way = if self.backward { "last" } else { "first" };
        let arguments = self.arguments(variables);
        let inner: String = self.picks.iter().map(|pick| pick.written(variables)).collect();
        format!(
            "({way}: {}{arguments}) {{ totalCount pageInfo {{ hasNextPage hasPreviousPage }} nodes {{ id {inner} }} }}",
            self.size
        )
    }

    fn answer(&self, oracle: &Oracle, rows: Vec<&Row>) -> Value {
        let all = oracle.listed(self.kind, rows, self.filter.as_ref(), &self.order);
        let skipped = if self.backward { all.len().saturating_sub(self.size) } else { 0 };
        let page = all.iter().skip(skipped).take(self.size);
        let nodes: Vec<Value> = page.map(|row| object(oracle, self.kind, row, &self.picks)).collect();
        let more = all.len() > self.size;
        json!({
            "totalCount": all.len(),
            "pageInfo": { "hasNextPage": more && !self.backward, "hasPreviousPage": more && self.backward },
            "nodes": nodes,
        })
    }
}

fn order_name(kind: Kind, path: &[&str], way: Direction) -> String {
    let (name, _) = definition(kind).orders().find(|(_, known)| known == path).expect("an order");
    format!("{name}_{}", if way == Direction::Asc { "ASC" } else { "DESC" })
}
