//! What people do, through the front door: every command, on both engines.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

#[path = "../support/mod.rs"]
mod support;

#[path = "../oracle/grounds.rs"]
#[allow(dead_code, reason = "the oracle uses more of it")]
mod grounds;
#[path = "../oracle/policy.rs"]
mod policy;
#[path = "../oracle/rows.rs"]
#[allow(dead_code, reason = "the oracle uses more of it")]
mod rows;

mod advisory;
mod attacks;
mod clock;
mod connections;
mod detail;
mod evidence;
mod given;
mod grants;
mod incident;
mod input;
mod life;
mod machine;
mod mission;
mod people;
mod post;
mod post_bounds;
mod registry;
mod registry_input;
mod replay;
mod roster;
mod rota;
mod share;
mod tours;
mod trust;
mod visit;
mod visit_hidden;
mod watch;

use chancery::desk::visibility;
use serde_json::{Value, json};

use support::{
    TestDb,
    app::{App, Reply, Who},
    enrolled as desk,
};

/// Does a command and reads what the payload says of what is selected.
async fn act(app: &App, who: &Who, command: &str, input: Value, selection: &str) -> Reply {
    let ty = format!("{}{}Input", command[..1].to_uppercase(), &command[1..]);
    let query = format!("mutation M($input: {ty}!) {{ {command}(input: $input) {{ {selection} }} }}");
    app.ask(who, &query, json!({ "input": input })).await
}

/// Does a command that must succeed; its payload.
async fn done(app: &App, who: &Who, command: &str, input: Value, selection: &str) -> Value {
    let reply = act(app, who, command, input, selection).await;
    reply.data()[command].clone()
}

/// Does a command that must be refused; the error.
async fn refused(app: &App, who: &Who, command: &str, input: Value) -> Value {
    let reply = act(app, who, command, input, "__typename").await;
    assert_eq!(reply.json["data"][command], Value::Null, "{command}: {}", reply.text);
    let error = reply.json["errors"][0].clone();
    assert_eq!(error["path"], json!([command]), "{}", reply.text);
    error
}

fn code(error: &Value) -> &str {
    error["extensions"]["code"].as_str().expect("a code")
}

/// What was derived from the rows is what the rows say.
async fn is_whole(db: &TestDb) {
    let difference = visibility::verify(&db.store, 3).await.expect("compared");
    assert!(difference.is_none(), "{difference:?}");
    let difference = chancery::desk::response::verify(&db.store).await.expect("compared");
    assert!(difference.wrong.is_empty(), "{difference:?}");
    let difference = chancery::desk::search::verify(&db.store, 3).await.expect("compared");
    assert!(difference.is_none(), "{difference:?}");
}
