//! What has to do with a mission, a visit or a post, over time: for whom, in which order, by which ties; on both engines,
//! through HTTP.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

#[path = "../support/mod.rs"]
mod support;

mod addressed;
mod asked;
mod lists;
mod told;

use chancery::store::Engine;
use serde_json::{Value, json};

use support::{
    abroad::POSTS,
    app::{App, Reply, Who},
    programmes::{second_security_officer, security_officer},
    small_world::{self, MISSIONS, everybody, french_colleague, public},
    visits::VISITS,
};

/// What a timeline is of: the argument, and the id that is given.
#[derive(Clone, Debug)]
struct Anchor {
    argument: &'static str,
    id: String,
}

/// What a timeline tells of: when, the row's own id, its type and its public id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Item {
    at: String,
    row: String,
    kind: String,
    id: String,
}

/// Who asks.
fn askers() -> Vec<Who> {
    let mut askers = everybody();
    let posted = security_officer();
    let is_posted = |who: &Who| (&who.subject, who.role) == (&posted.subject, posted.role);
    assert!(askers.iter().any(is_posted), "who is posted to the first post is of everybody");
    askers.extend([second_security_officer(), french_colleague()]);
    askers
}

/// Every mission, visit and post of the world.
fn anchors() -> Vec<Anchor> {
    let all = [("mission", 'M', MISSIONS), ("visit", 'W', VISITS), ("post", 'T', POSTS)];
    let of = |(argument, letter, most)| (1..=most).map(move |number| (argument, letter, number));
    all.into_iter()
        .flat_map(of)
        .map(|(argument, letter, number)| Anchor { argument, id: public(argument, letter, number) })
        .collect()
}

/// Of each argument: an id of no row, of a row of another type that the most see, and what is none.
fn of_nothing(argument: &'static str) -> Vec<Anchor> {
    let others = ["mission", "visit", "post"].into_iter().zip(['M', 'W', 'T']);
    let of_others = others.map(|(prefix, letter)| public(prefix, letter, if prefix == argument { 999 } else { 1 }));
    let garbled = ["state_0000000000000000000S000001", "x", "", "' or 1 = 1 --"].map(str::to_owned);
    of_others.chain(garbled).map(|id| Anchor { argument, id }).collect()
}

/// The small world, of more addressees, and of missions in places of every kind.
async fn app(engine: Engine) -> App {
    let app = small_world::app(engine).await;
    small_world::change(&app.db, &addressed::more()).await;
    app
}

/// Asks for a page, all of what there is of it.
async fn page(app: &App, who: &Who, anchor: &Anchor, mut variables: Value) -> Reply {
    let question = format!(
        "query Q($id: ID!, $types: [TimelineType!], $first: Int, $after: String, $last: Int, $before: String) {{
          timeline({}: $id, types: $types, first: $first, after: $after, last: $last, before: $before) {{
            totalCount nodes {{ __typename ... on Node {{ id }} }} edges {{ cursor node {{ __typename ... on Node {{ id }} }} }}
            pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
          }}
        }}",
        anchor.argument
    );
    variables["id"] = json!(anchor.id);
    app.ask(who, &question, variables).await
}

/// The types and ids of a page, which are the same as nodes and as edges.
fn shown(page: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let one = |node: &Value| (text(&node["__typename"]), text(&node["id"]));
    let nodes: Vec<_> = page["nodes"].as_array().expect("nodes").iter().map(one).collect();
    let edges: Vec<_> = page["edges"].as_array().expect("edges").iter().map(|edge| one(&edge["node"])).collect();
    assert_eq!(nodes, edges);
    nodes
}

/// The types and ids of items.
fn names(items: &[Item]) -> Vec<(String, String)> {
    items.iter().map(|item| (item.kind.clone(), item.id.clone())).collect()
}
