//! What words find: for whom, in which order, by which words; on both engines, through HTTP.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

#[path = "../support/mod.rs"]
mod support;

mod address;
mod kept;
mod oracle;
mod plan;
mod scope;
mod words;

use serde_json::{Value, json};

use support::app::{App, Who};

/// A page of a search, and where it is.
const QUESTION: &str = "query Q($text: String!, $first: Int, $after: String, $last: Int, $before: String) {
  search(text: $text, first: $first, after: $after, last: $last, before: $before) {
    totalCount nodes { __typename ... on Node { id } } edges { cursor node { ... on Node { id } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}";

/// The ids that a text finds, in order: the first hundred.
async fn find(app: &App, who: &Who, text: &str) -> Vec<String> {
    let reply = app.ask(who, QUESTION, json!({ "text": text, "first": 100 })).await;
    let found = &reply.data()["search"];
    let ids = ids(found);
    assert_eq!(found["totalCount"], ids.len(), "{text}: {}", reply.text);
    ids
}

/// The ids of a page, which are the same as nodes and as edges.
fn ids(page: &Value) -> Vec<String> {
    let id = |node: &Value| node["id"].as_str().expect("an id").to_owned();
    let nodes: Vec<String> = page["nodes"].as_array().expect("nodes").iter().map(id).collect();
    let edges: Vec<String> = page["edges"].as_array().expect("edges").iter().map(|edge| id(&edge["node"])).collect();
    assert_eq!(nodes, edges);
    nodes
}
