//! Batches: several operations in one POST, where that is configured.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use axum::http::StatusCode;
use chancery::{config::Limits, store::Engine};
use rstest::rstest;
use serde_json::{Value, json};
use support::{
    TestDb,
    app::App,
    small_world::{self, analyst, french, mission, row, run},
};

async fn app(engine: Engine, limits: Limits) -> App {
    let db = TestDb::new(engine).await;
    small_world::fill(&db).await;
    App::with(db, limits).await
}

fn of(batch: usize) -> Limits {
    Limits { batch, ..Limits::default() }
}

#[rstest]
#[tokio::test]
async fn each_is_answered_in_its_place(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = app(engine, of(6)).await;
    let raise = format!(
        "mutation {{ raiseConcern(input: {{missionId: \"{}\", kind: QUESTION, category: OTHER, severity: LOW, title: \"Batched\", narrative: \"n\"}}) {{ concern {{ title }} }} }}",
        mission(1)
    );
    let found = "{ concerns(filter: {title: {eq: \"Batched\"}}) { totalCount } }";
    let batch = json!([
        { "query": found },
        { "query": raise },
        { "query": found },
        { "query": "{ nothing }" },
        { "query": 7 },
        { "query": "query A { a: viewer { role } } query B { b: viewer { role } }", "operationName": "B" },
    ]);
    let reply = app.post(&french(), &batch).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
    let at = |place: usize| &reply.json[place];
    assert_eq!(reply.json.as_array().map(Vec::len), Some(6), "{}", reply.text);
    assert_eq!(at(0)["data"]["concerns"]["totalCount"], 0);
    assert_eq!(at(1)["data"]["raiseConcern"]["concern"]["title"], "Batched");
    assert_eq!(at(2)["data"]["concerns"]["totalCount"], 1, "one after the other");
    let code = |place: usize| at(place)["errors"][0]["extensions"]["code"].clone();
    assert_eq!([code(3), code(4)], [json!("GRAPHQL_VALIDATION_FAILED"), json!("BAD_USER_INPUT")]);
    assert_eq!(at(5)["data"]["b"]["role"], "MISSION_OFFICER");
    // One that is no batch is answered as ever.
    let reply = app.post(&french(), &json!({ "query": found })).await;
    assert_eq!(reply.data()["concerns"]["totalCount"], 1);
}

#[tokio::test]
async fn it_is_bounded_and_refused_unless_it_is_wanted() {
    let viewer = json!({ "query": "{ viewer { role } }" });
    let batch = |many: usize| Value::from(vec![viewer.clone(); many]);
    let bounded = app(Engine::Sqlite, of(3)).await;
    assert_eq!(bounded.post(&analyst(), &batch(3)).await.json.as_array().map(Vec::len), Some(3));
    let reply = bounded.post(&analyst(), &batch(4)).await;
    assert_eq!((reply.status, reply.code()), (StatusCode::BAD_REQUEST, "QUERY_TOO_COMPLEX"), "{}", reply.text);
    assert!(reply.text.contains("at most 3 operations, not 4"), "{}", reply.text);
    assert_eq!(bounded.post(&analyst(), &batch(0)).await.status, StatusCode::BAD_REQUEST);
    let refusing = app(Engine::Sqlite, of(0)).await;
    let reply = refusing.post(&analyst(), &batch(1)).await;
    assert!(reply.status == StatusCode::BAD_REQUEST && reply.text.contains("batches are not served"), "{}", reply.text);
}

/// Each operation is counted, and an agency that is limited to its documents is limited in each.
#[tokio::test]
async fn quotas_and_documents_hold_for_each() {
    let limits = Limits { person_requests_per_second: Some(2), ..of(10) };
    let app = app(Engine::Sqlite, limits).await;
    let viewer = json!({ "query": "{ viewer { role } }" });
    let reply = app.post(&analyst(), &Value::from(vec![viewer.clone(); 4])).await;
    let refused = |reply: &Value| {
        reply
            .as_array()
            .expect("answers")
            .iter()
            .filter(|one| one["errors"][0]["extensions"]["code"] == "RATE_LIMITED")
            .count()
    };
    assert_eq!((reply.status, refused(&reply.json)), (StatusCode::OK, 2), "{}", reply.text);
    let limit = format!(
        "update agency set documents_only = true where id = '{}'; update standing set version = version + 1",
        row('A', 1)
    );
    run(&app.db, &limit).await;
    let reply = app.post(&french(), &Value::from(vec![viewer; 1])).await;
    assert_eq!(reply.json[0]["errors"][0]["extensions"]["code"], "FORBIDDEN", "{}", reply.text);
}
