//! What may come by GET: queries, and nothing else.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by it")]

mod support;

use axum::http::StatusCode;
use chancery::store::Engine;
use rstest::rstest;
use serde_json::json;
use support::small_world::{self, analyst};

#[rstest]
#[tokio::test]
async fn a_query_is_answered_and_anything_else_is_not_allowed(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let app = small_world::app(engine).await;
    let query = app.get(&analyst(), "{viewer{role}}").await;
    assert_eq!((query.status, query.data()), (StatusCode::OK, &json!({"viewer": {"role": "ANALYST"}})));
    for document in ["mutation{viewer{role}}", "subscription{viewer{role}}", "mutation%20M{nothing}"] {
        let refused = app.get(&analyst(), document).await;
        assert_eq!(refused.status, StatusCode::METHOD_NOT_ALLOWED, "{document}: {}", refused.text);
        assert_eq!(refused.headers["allow"], "POST", "{document}");
    }
}
