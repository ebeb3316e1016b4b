//! The server is killed while a hundred write: nothing that was acknowledged is lost, nothing is done twice, and what
//! is derived, the audit trail among it, is whole.
//!
//! `CRASH_ROUNDS=20` kills so often; three times unless asked.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::{net::SocketAddr, time::Duration};

use chancery::store::Engine;
use rstest::rstest;
use serde_json::{Value, json};
use support::{
    TestDb,
    program::{Program, post},
};
use tokio::task::JoinSet;

/// Who write at once.
const WRITERS: usize = 100;

/// A server that logs what fails.
fn start(db: &TestDb) -> Program {
    Program::demo(db, "[log]\nlevel = \"error\"\n")
}

/// Asks as an officer; nothing if the server went away before it answered.
async fn ask(address: SocketAddr, token: &str, body: &Value) -> Option<Value> {
    let answer = post(address, token, &body.to_string()).await?;
    // It may have gone while it answered.
    let body: Value = serde_json::from_str(&answer.body).ok()?;
    assert_eq!(answer.status, 200, "{body}");
    Some(body)
}

fn raise(mission: &str, key: &str) -> Value {
    json!({
        "query": "mutation($i: RaiseConcernInput!) { raiseConcern(input: $i) { concern { id } } }",
        "variables": { "i": { "missionId": mission, "kind": "CONCERN", "category": "OTHER", "severity": "LOW",
            "title": key, "narrative": "Written while it is killed", "idempotencyKey": key } },
    })
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_is_there(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    #[allow(clippy::disallowed_methods, reason = "tests have no configuration of their own")]
    let rounds = std::env::var("CRASH_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(3);
    let db = TestDb::new(engine).await;
    let mut known: Vec<(String, String)> = Vec::new();
    let mut interrupted = 0;
    let mut server = start(&db);
    let query = "{ missions(first: 1, filter: {name: {eq: \"Embassy of France\"}}) { nodes { id } } }";
    let found =
        ask(server.address, server.token("MISSION_OFFICER"), &json!({ "query": query })).await.expect("an answer");
    let mission = found["data"]["missions"]["nodes"][0]["id"].as_str().expect("an id").to_owned();
    for round in 0..rounds {
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            let (address, mission) = (server.address, mission.clone());
            let token = server.token("MISSION_OFFICER").to_owned();
            let key = format!("round {round}, writer {writer}");
            writers.spawn(async move {
                let answer = ask(address, &token, &raise(&mission, &key)).await;
                (
                    key,
                    answer
                        .and_then(|answer| answer["data"]["raiseConcern"]["concern"]["id"].as_str().map(str::to_owned)),
                )
            });
        }
        // Some are answered, some are under way, some wait.
        tokio::time::sleep(Duration::from_millis(150 + 130 * round)).await;
        server.kill();
        let mut unanswered = Vec::new();
        while let Some(done) = writers.join_next().await {
            match done.expect("a writer ends") {
                (key, Some(id)) => known.push((key, id)),
                (key, None) => unanswered.push(key),
            }
        }
        interrupted += unanswered.len();
        server = start(&db);
        for ids in known.chunks(100) {
            let ids: Vec<&String> = ids.iter().map(|(_, id)| id).collect();
            let query = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Concern { title } } }";
            let body = json!({ "query": query, "variables": { "ids": ids } });
            let found = ask(server.address, server.token("MISSION_OFFICER"), &body).await.expect("an answer");
            let nodes = found["data"]["nodes"].as_array().expect("nodes").clone();
            assert!(nodes.iter().all(Value::is_object), "acknowledged and gone: {nodes:?}");
        }
        // Whoever was not answered asks again under the same key: then it is done, and once.
        for key in unanswered {
            let answer =
                ask(server.address, server.token("MISSION_OFFICER"), &raise(&mission, &key)).await.expect("an answer");
            let id = answer["data"]["raiseConcern"]["concern"]["id"].as_str().expect("an id").to_owned();
            known.push((key, id));
        }
        let count = "{ concerns(filter: {title: {startsWith: \"round \"}}) { totalCount } }";
        let found =
            ask(server.address, server.token("MISSION_OFFICER"), &json!({ "query": count })).await.expect("an answer");
        assert_eq!(found["data"]["concerns"]["totalCount"], known.len(), "each once");
    }
    for arguments in [["access", "verify"], ["audit", "verify"]] {
        let output = server.run(&db, &arguments);
        let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {told}");
    }
    server.kill();
    eprintln!("{engine:?}: killed {rounds} times, {} written, {interrupted} of them interrupted", known.len());
    assert!(interrupted > 0, "nobody was interrupted: it was killed too late");
}
