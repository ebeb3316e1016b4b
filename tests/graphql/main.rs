//! The executor answers by the GraphQL specification (October 2021), where the library no longer does it for us.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

#[path = "../support/mod.rs"]
mod support;

mod cost;
mod documents;
mod fields;
mod hostile;
mod introspection;
mod variables;

use chancery::graph::Outcome;
use serde_json::Value;

use support::app::{App, Who};

/// Asks what must be answered without an error, and compares the text of `data`, so with the order of its keys.
async fn answers(app: &App, who: &Who, query: &str, variables: Value, expected: &str) {
    let reply = app.ask(who, query, variables).await;
    assert!(reply.json.get("errors").is_none(), "{query}\n{}", reply.text);
    let data = reply.text.strip_prefix("{\"data\":").and_then(|rest| rest.strip_suffix('}')).unwrap_or(&reply.text);
    // PostgreSQL writes spaces between tokens; no text of the small world that is asked here holds these.
    let compact = data.replace("\" : ", "\":").replace(", \"", ",\"").replace(", {", ",{").replace(", null", ",null");
    assert_eq!(compact, expected, "{query}");
}

/// Asks what must be refused before anything runs, with a code that is stable and a message that tells the field.
async fn refuses(app: &App, who: &Who, query: &str, variables: Value, code: &str, message: &str) {
    let before = app.gateway().statements();
    let reply = app.ask(who, query, variables.clone()).await;
    let shown: String = query.chars().take(300).collect();
    let answered: String = reply.text.chars().take(1000).collect();
    assert!(matches!(reply.outcome, Outcome::Refused(_)), "{shown}\n{variables}\n{answered}");
    assert!(reply.json.get("data").is_none(), "{shown}\n{answered}");
    assert_eq!(reply.code(), code, "{shown}\n{variables}\n{answered}");
    let told = reply.json["errors"][0]["message"].as_str().unwrap_or_default();
    assert!(told.contains(message), "{shown}\n{variables}\n{told} does not say {message}");
    assert!(told.len() < 1000, "an error as long as its cause: {shown}");
    assert!(!told.contains("Did you mean"), "{told} suggests");
    assert_eq!(app.gateway().statements(), before, "a refused document read something: {shown}");
}
