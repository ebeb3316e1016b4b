//! Streams, through the front door: what is told to whom, how they end, and how they go on.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

#[path = "../support/mod.rs"]
mod support;

#[path = "../oracle/dice.rs"]
#[allow(dead_code, reason = "the oracle uses more of it")]
mod dice;

mod attacks;
mod deeds;
mod ends;
mod followers;
mod hanging;
mod limits;
mod programmes;
mod resume;
mod told;
mod websocket;

use chancery::desk;
use serde_json::{Value, json};

use support::{
    app::{App, Who},
    small_world::{french, liaison_officer, mission},
};

/// A stream of concerns with what tests look at.
const CONCERNS: &str = "subscription($filter: ConcernStreamFilter, $after: String) {
  concernChanged(filter: $filter, after: $after) { change id cursor concern { id status } } }";

/// Does a command that must succeed; its payload.
async fn done(app: &App, who: &Who, command: &str, input: Value, selection: &str) -> Value {
    let ty = format!("{}{}Input", command[..1].to_uppercase(), &command[1..]);
    let query = format!("mutation M($input: {ty}!) {{ {command}(input: $input) {{ {selection} }} }}");
    app.ask(who, &query, json!({ "input": input })).await.data()[command].clone()
}

/// Raises a concern about the French embassy, as its officer; its id.
async fn raised(app: &App, severity: &str) -> String {
    let input = json!({ "missionId": mission(1), "kind": "CONCERN", "category": "SURVEILLANCE",
        "severity": severity, "title": "A parked van", "narrative": "It stands there." });
    let payload = done(app, &french(), "raiseConcern", input, "concern { id }").await;
    payload["concern"]["id"].as_str().expect("an id").to_owned()
}

/// A command of the officer in whose portfolio the mission is.
async fn by_officer(app: &App, command: &str, input: Value) {
    done(app, &liaison_officer(), command, input, "concern { id }").await;
}

/// What is derived is what the rows say.
async fn is_whole(app: &App) {
    let difference = desk::visibility::verify(&app.db.store, 3).await.expect("compared");
    assert!(difference.is_none(), "{difference:?}");
}
