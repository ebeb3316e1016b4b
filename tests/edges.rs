//! Filters and orders through edges, against loops over what the same principal reads.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

mod support;

use std::fmt::Write as _;

use chancery::{
    access::Kind,
    model::{
        kit::{Scalar, Shape},
        query::RootShape,
        view::View,
    },
    store::Engine,
};
use proptest::{
    prelude::Rng as _,
    test_runner::{RngAlgorithm, TestRng},
};
use rstest::rstest;
use serde_json::{Map, Value, json};

use support::{
    app::{App, Who},
    papers,
    small_world::{self, analyst, concern, everybody, french, mission, police},
};

/// Random filters a principal and a list.
const FILTERS: usize = 12;

/// The lists of a role: field of `Query` and type.
fn lists(view: &View) -> Vec<(&'static str, Kind)> {
    let many = |shape| if let RootShape::Many { kind } = shape { Some(kind) } else { None };
    view.roots.iter().filter_map(|root| Some((root.name, many(root.shape)?))).collect()
}

/// All scalars of a type, and so many steps further along its edges and connections.
fn selection(view: &View, kind: Kind, steps: usize) -> String {
    let mut text = "id ".to_owned();
    for field in &view.ty(kind).expect("a type").fields {
        match field.shape {
            Shape::Edge { to, .. } if steps > 0 => {
                write!(text, "{} {{ {} }} ", field.name, selection(view, to, steps - 1)).expect("text");
            }
            Shape::Connection { to, .. } if steps > 0 => {
                let below = selection(view, to, steps - 1);
                write!(text, "{}(first: 100) {{ nodes {{ {below} }} }} ", field.name).expect("text");
            }
            Shape::Column { .. } => write!(text, "{} ", field.name).expect("text"),
            _ => {}
        }
    }
    text
}

async fn rows(app: &App, who: &Who, list: &str, selection: &str, order: Option<&str>) -> Vec<Value> {
    let order = order.map_or_else(String::new, |order| format!(", orderBy: [{order}]"));
    let query = format!("{{ {list}(first: 100{order}) {{ nodes {{ {selection} }} }} }}");
    let reply = app.ask(who, &query, json!({})).await;
    reply.data()[list]["nodes"].as_array().expect("nodes").clone()
}

async fn ids(app: &App, who: &Who, list: &str, kind: Kind, filter: &Value) -> Vec<Value> {
    let query = format!(
        "query Q($filter: {}Filter) {{ {list}(first: 100, filter: $filter) {{ totalCount nodes {{ id }} }} }}",
        kind.name()
    );
    let reply = app.ask(who, &query, json!({ "filter": filter })).await;
    let nodes = reply.data()[list]["nodes"].as_array().expect("nodes");
    assert_eq!(reply.data()[list]["totalCount"], nodes.len(), "{filter}");
    nodes.iter().map(|node| node["id"].clone()).collect()
}

/// Law 2, by loops: a comparison with what is not there is neither true nor false.
fn matches(kind: Kind, row: &Value, filter: &Value) -> Option<bool> {
    let both = |verdicts: Vec<Option<bool>>| match verdicts {
        list if list.contains(&Some(false)) => Some(false),
        list if list.contains(&None) => None,
        _ => Some(true),
    };
    let fields = filter.as_object().expect("an object");
    let verdicts = fields.iter().map(|(name, by)| match name.as_str() {
        "not" => matches(kind, row, by).map(|verdict| !verdict),
        "and" => both(list(by).iter().map(|item| matches(kind, row, item)).collect()),
        "or" => both(list(by).iter().map(|item| matches(kind, row, item).map(|v| !v)).collect()).map(|v| !v),
        "id" => compare(&row["id"], by),
        name => {
            let field = chancery::model::definition(kind).field(name).expect("a field");
            match field.shape {
                Shape::Edge { .. } if row[name].is_null() => None,
                Shape::Edge { to, .. } => matches(to, &row[name], by),
                Shape::Connection { to, .. } => {
                    let there = row[name]["nodes"].as_array().expect("nodes");
                    let hits = |by: &Value| there.iter().filter(|far| matches(to, far, by) == Some(true)).count();
                    Some(by.as_object().expect("quantifiers").iter().all(
                        |(quantifier, by)| match quantifier.as_str() {
                            "some" => hits(by) > 0,
                            "every" => hits(by) == there.len(),
                            _ => hits(by) == 0,
                        },
                    ))
                }
                _ => compare(&row[name], by),
            }
        }
    });
    both(verdicts.collect())
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().expect("a list").clone()
}

fn compare(value: &Value, by: &Value) -> Option<bool> {
    let (operator, operand) = by.as_object().expect("a comparison").iter().next().expect("one comparison");
    match operator.as_str() {
        "isNull" => Some(value.is_null() == (*operand == json!(true))),
        _ if value.is_null() => None,
        "eq" => Some(value == operand),
        "in" => Some(list(operand).contains(value)),
        other => panic!("{other}"),
    }
}

/// Random filters, of values that occur.
struct Writer<'a> {
    view: &'a View,
    rng: TestRng,
}

impl Writer<'_> {
    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.rng.next_u32()).expect("32 bits") % bound
    }

    /// `sample` is a row as it was read with as many steps.
    fn filter(&mut self, kind: Kind, samples: &[Value], steps: usize) -> Value {
        let ty = self.view.ty(kind).expect("a type");
        let mut filter = Map::new();
        let fields: Vec<_> = ty.fields.iter().filter(|field| field.filter).copied().collect();
        for _ in 0..=self.below(2) {
            if fields.is_empty() {
                break;
            }
            let field = fields[self.below(fields.len())];
            let far = |samples: &[Value]| -> Vec<Value> {
                let found = samples.iter().flat_map(|row| match &row[field.name] {
                    Value::Object(object) if object.contains_key("nodes") => list(&object["nodes"]),
                    Value::Null => vec![],
                    other => vec![other.clone()],
                });
                found.collect()
            };
            let by = match field.shape {
                Shape::Edge { to, .. } if steps > 0 => self.filter(to, &far(samples), steps - 1),
                Shape::Connection { to, .. } if steps > 0 => {
                    let quantifier = ["some", "every", "none"][self.below(3)];
                    json!({ quantifier: self.filter(to, &far(samples), steps - 1) })
                }
                Shape::Column { scalar: Scalar::Boolean, .. } => json!({ "eq": self.below(2) == 0 }),
                Shape::Column { .. } => {
                    let values = far(samples);
                    match self.below(4) {
                        0 => json!({ "isNull": self.below(2) == 0 }),
                        1 if values.len() > 1 => {
                            json!({ "in": [values[self.below(values.len())], values[self.below(values.len())]] })
                        }
                        _ if values.is_empty() => json!({ "isNull": true }),
                        _ => json!({ "eq": values[self.below(values.len())] }),
                    }
                }
                _ => continue,
            };
            filter.insert(field.name.to_owned(), by);
        }
        match self.below(6) {
            0 => json!({ "not": filter }),
            1 => json!({ "or": [filter, self.simple(kind, samples)] }),
            _ => Value::Object(filter),
        }
    }

    fn simple(&mut self, kind: Kind, samples: &[Value]) -> Value {
        let ids: Vec<&Value> = samples.iter().map(|row| &row["id"]).collect();
        let own = format!("{}_0000000000000000000X000001", chancery::model::definition(kind).prefix);
        let id = if ids.is_empty() { json!(own) } else { ids[self.below(ids.len())].clone() };
        json!({ "id": { "eq": id } })
    }
}

#[rstest]
#[tokio::test]
async fn random_filters_find_what_loops_find(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = papers::app_with_trail(engine).await;
    let seed = 7_u8;
    let (mut asked, mut found_some) = (0, 0);
    for who in everybody() {
        let view = View::of(who.role);
        let mut writer = Writer { view: &view, rng: TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]) };
        for (root, kind) in lists(&view) {
            let all = rows(&app, &who, root, &selection(&view, kind, 2), None).await;
            for _ in 0..FILTERS {
                let filter = writer.filter(kind, &all, 2);
                let found = ids(&app, &who, root, kind, &filter).await;
                let expected: Vec<Value> = all
                    .iter()
                    .filter(|row| matches(kind, row, &filter) == Some(true))
                    .map(|row| row["id"].clone())
                    .collect();
                assert_eq!(found, expected, "SEED={seed} {engine:?} {:?} {root} {filter}", who.role);
                asked += 1;
                found_some += usize::from(!found.is_empty() && found.len() < all.len());
            }
        }
    }
    eprintln!("{engine:?}: {asked} filters, {found_some} with some of the rows");
    assert!(asked > 250 && found_some > 50, "{asked} {found_some}");
}

/// A connection behind a closed tier is as one without rows.
#[rstest]
#[tokio::test]
async fn a_list_that_may_not_be_read_is_empty(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = papers::app_with_trail(engine).await;
    let query = "query Q($id: ID!) { concern(id: $id) { title entries { totalCount } } }";
    // By its jurisdiction the police read no more than the directory of some concerns.
    let mut closed = None;
    for number in 1..=small_world::CONCERNS {
        let reply = app.ask(&police(), query, json!({ "id": concern(number) })).await;
        let found = &reply.data()["concern"];
        if !found.is_null() && found["title"].is_null() {
            closed = Some(concern(number));
        }
    }
    let id = json!({ "eq": closed.expect("a concern of which only the directory is open") });
    for (entries, found) in [
        (json!({ "some": {} }), 0),
        (json!({ "every": { "kind": { "eq": "SHARE" } } }), 1),
        (json!({ "none": {} }), 1),
        (json!({ "some": { "kind": { "isNull": true } } }), 0),
        (json!({ "none": {}, "some": {} }), 0),
        (json!({}), 1),
    ] {
        let by = json!({ "id": id, "entries": entries });
        assert_eq!(ids(&app, &police(), "concerns", Kind::Concern, &by).await.len(), found, "{by}");
        // The contrary finds the contrary: what is said of a list is never unknown.
        let by = json!({ "id": id, "not": { "entries": entries } });
        assert_eq!(ids(&app, &police(), "concerns", Kind::Concern, &by).await.len(), 1 - found, "{by}");
    }
}

/// Law 3: rows that come and go where a principal does not see them change nothing.
#[rstest]
#[tokio::test]
async fn hidden_rows_on_the_far_side_change_nothing(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = papers::app_with_trail(engine).await;
    let questions = [
        json!({ "concerns": { "some": { "severity": { "eq": "LOW" } } } }),
        json!({ "concerns": { "every": { "severity": { "in": ["CRITICAL", "HIGH"] } } } }),
        json!({ "concerns": { "none": { "entries": { "some": {} } } } }),
        json!({ "concerns": { "some": { "entries": { "every": { "audience": { "eq": "AGENCIES" } } } } } }),
    ];
    for who in [police(), french()] {
        let mut before = Vec::new();
        for filter in &questions {
            before.push(ids(&app, &who, "missions", Kind::Mission, filter).await);
        }
        let visible = rows(&app, &who, "concerns", "id", None).await;
        let visible: Vec<String> = visible
            .iter()
            .map(|row| format!("'{}'", row["id"].as_str().expect("an id").replace("concern_", "")))
            .collect();
        small_world::change(
            &app.db,
            &format!(
                "update concern set severity = 'LOW', mission_id = '{}' where id not in ({});",
                mission(2).replace("mission_", ""),
                visible.join(",")
            ),
        )
        .await;
        for (filter, before) in questions.iter().zip(before) {
            assert_eq!(ids(&app, &who, "missions", Kind::Mission, filter).await, before, "{:?} {filter}", who.role);
        }
    }
}

#[rstest]
#[tokio::test]
async fn what_is_wrong_is_named(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = papers::app_with_trail(engine).await;
    let deep = "{mission: {concerns: {some: {mission: {concerns: {some: {mission: {concerns: {some: {entries: {some: {}}}}}}}}}}}}";
    for (filter, code, message) in [
        (deep, "QUERY_TOO_COMPLEX", "filter: at most 3 lists in each other"),
        ("{entries: {some: null}}", "BAD_USER_INPUT", "filter.entries.some: expected a condition, not null"),
        (
            "{entries: null}",
            "BAD_USER_INPUT",
            "filter.entries: expected a condition, not null; leave it out, or ask isNull",
        ),
    ] {
        let reply = app.ask(&analyst(), &format!("{{ concerns(filter: {filter}) {{ totalCount }} }}"), json!({})).await;
        assert_eq!(reply.code(), code, "{filter}: {}", reply.text);
        assert_eq!(reply.json["errors"][0]["message"], message, "{filter}");
    }
    for filter in ["{entries: {any: {}}}", "{entries: {kind: {eq: SHARE}}}", "{entries: {some: {author: {eq: \"x\"}}}}"]
    {
        let reply = app.ask(&analyst(), &format!("{{ concerns(filter: {filter}) {{ totalCount }} }}"), json!({})).await;
        assert_eq!(reply.code(), "GRAPHQL_VALIDATION_FAILED", "{filter}");
    }
    // A role whose schema has no shares cannot filter by them.
    let reply = app.ask(&analyst(), "{ concerns(filter: {shares: {some: {}}}) { totalCount } }", json!({})).await;
    assert_eq!(reply.code(), "GRAPHQL_VALIDATION_FAILED");
}

/// A row's value along a path, absent where an edge leads to nothing or to what is hidden.
fn along<'r>(row: &'r Value, path: &[&str]) -> Option<&'r str> {
    path.iter().fold(row, |value, name| &value[*name]).as_str()
}

/// What is hidden or unreadable sorts last in both directions; a page goes on where the one before ended.
#[rstest]
#[tokio::test]
async fn orders_through_edges_are_those_of_the_values(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = papers::app_with_trail(engine).await;
    let mut walked = 0;
    for who in everybody() {
        let view = View::of(who.role);
        for (root, kind) in lists(&view) {
            let ty = view.ty(kind).expect("a type").definition;
            for (name, path) in ty.orders().filter(|(_, path)| path.len() > 1 && view.reads(kind, path)) {
                for way in ["ASC", "DESC"] {
                    let order = format!("{name}_{way}");
                    let mut expected = rows(&app, &who, root, &selection(&view, kind, path.len() - 1), None).await;
                    expected.sort_by(|a, b| {
                        let (x, y) = (along(a, &path), along(b, &path));
                        let turned =
                            |ordering: std::cmp::Ordering| if way == "DESC" { ordering.reverse() } else { ordering };
                        let id = |row: &Value| row["id"].as_str().map(ToOwned::to_owned);
                        x.is_none().cmp(&y.is_none()).then(turned(x.cmp(&y))).then(turned(id(a).cmp(&id(b))))
                    });
                    let expected: Vec<Value> = expected.iter().map(|row| row["id"].clone()).collect();
                    let found = rows(&app, &who, root, "id", Some(&order)).await;
                    let found: Vec<Value> = found.iter().map(|row| row["id"].clone()).collect();
                    assert_eq!(found, expected, "{engine:?} {:?} {root} {order}", who.role);
                    for (size, side) in [(1, "first"), (2, "last"), (7, "first"), (7, "last")] {
                        let pages = walk(&app, &who, root, &order, side, size).await;
                        assert_eq!(pages, expected, "{engine:?} {:?} {root} {order} {side} {size}", who.role);
                        walked += 1;
                    }
                }
            }
        }
    }
    assert!(walked > 100, "{walked}");
}

/// A list page by page, in its order whichever side it is walked from.
async fn walk(app: &App, who: &Who, root: &str, order: &str, side: &str, rows: usize) -> Vec<Value> {
    let (from, cursor, more) = if side == "first" {
        ("after", "endCursor", "hasNextPage")
    } else {
        ("before", "startCursor", "hasPreviousPage")
    };
    let query = format!(
        "query Q($from: String) {{ {root}({side}: {rows}, {from}: $from, orderBy: [{order}]) {{ pageInfo {{ {cursor} {more} }} nodes {{ id }} }} }}"
    );
    let (mut found, mut at) = (Vec::new(), Value::Null);
    loop {
        let reply = app.ask(who, &query, json!({ "from": at })).await;
        let page = &reply.data()[root];
        let ids: Vec<Value> = list(&page["nodes"]).iter().map(|node| node["id"].clone()).collect();
        if side == "first" {
            found.extend(ids);
        } else {
            found.splice(0..0, ids);
        }
        if page["pageInfo"][more] != true {
            return found;
        }
        at = page["pageInfo"][cursor].clone();
    }
}
