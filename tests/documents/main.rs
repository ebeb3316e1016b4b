//! Trusted documents and automatic persisted queries, through the front door.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

#[path = "../support/mod.rs"]
mod support;

mod by_hash;
mod import;
mod limited;
mod named;
mod servers;
mod socket;
mod spellings;

use std::path::PathBuf;

use axum::{
    body::Body,
    http::{Request, header},
};
use chancery::{digest::sha256_hex, error::Result};
use serde_json::{Map, Value, json};

use support::{
    app::{App, Reply, Who},
    line::chancery,
};

/// Fits every role that looks at missions.
const MISSIONS: &str = "query Missions($first: Int) { missions(first: $first) { nodes { id name } } }";
/// Does not fit an administrator.
const CONCERNS: &str = "query Concerns { concerns(first: 2) { nodes { id } } }";
/// Fits an administrator alone.
const DISABLE: &str =
    "mutation Disable($input: DisablePersonInput!) { disablePerson(input: $input) { person { id disabledAt } } }";
/// A subscription of a mission's officer.
const STREAM: &str = "subscription Stream { concernChanged { change id } }";
const INTROSPECTION: &str = "{ __schema { queryType { name } } }";

/// Writes a manifest.
fn file(app: &App, name: &str, manifest: &Value) -> PathBuf {
    let path = app.db.directory().join(name);
    std::fs::write(&path, manifest.to_string()).expect("written");
    path
}

/// Runs a line of the command line.
async fn run(app: &App, line: &str) -> Result<String> {
    chancery(&app.db, line).await
}

/// Imports a manifest.
async fn import(app: &App, who: &Who, manifest: &Value, more: &str) -> Result<String> {
    let path = file(app, "manifest.json", manifest);
    run(app, &format!("documents import {} --agency={}{more}", path.display(), who.agency)).await
}

/// Imports what must be good.
async fn trust(app: &App, who: &Who, manifest: Value) -> String {
    import(app, who, &manifest, "").await.unwrap_or_else(|error| panic!("{}", error.message))
}

/// Limits the agency. Clocks of tests stand: that standing is another is seen by whoever asks next a second later.
async fn limit(app: &App, who: &Who) {
    run(app, &format!("documents limit --agency={}", who.agency)).await.expect("limited");
    later(app);
}

/// A second goes by.
fn later(app: &App) {
    app.db.clock.advance(time::Duration::seconds(1));
}

/// `extensions.persistedQuery` for a hash.
fn persisted(hash: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } })
}

/// A request by the hash of a text alone.
fn by_hash(text: &str) -> Value {
    json!({ "extensions": persisted(&sha256_hex(text)) })
}

/// A request that registers a text under its hash.
fn with_hash(text: &str) -> Value {
    json!({ "query": text, "extensions": persisted(&sha256_hex(text)) })
}

/// The members of a body as parameters of a GET.
async fn get(app: &App, who: &Who, body: &Value) -> Reply {
    let parameters: Vec<String> = body
        .as_object()
        .unwrap_or(&Map::new())
        .iter()
        .map(|(name, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let escaped: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
            format!("{name}={escaped}")
        })
        .collect();
    let token = app.token(who).await;
    let request = Request::get(format!("/graphql?{}", parameters.join("&")))
        .header("graphql-preflight", "1")
        .header(header::ACCEPT, "application/graphql-response+json")
        .header("x-request-id", "a-test")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::empty())
        .expect("a request");
    app.send(request).await
}

/// The message of the first error.
fn message(reply: &Reply) -> &str {
    reply.json["errors"][0]["message"].as_str().unwrap_or_default()
}
