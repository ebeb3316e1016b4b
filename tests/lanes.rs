//! The reading connections outlive what happens to the server.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by it")]

mod support;

use chancery::{access::Role, store::Engine};
use sea_orm::ConnectionTrait as _;
use serde_json::json;
use support::app::{App, Who};

async fn analyst(app: &App) -> Who {
    let (agency, person) = (chancery::id::encode(1), chancery::id::encode(2));
    for sql in [
        format!(
            "insert into agency (id, name, kind, level, state_wide, algorithms, max_lifetime_s, roles, made_by_demo)
             values ('{agency}', 'DSS', 'DIPLOMATIC_SECURITY', 'FEDERAL', false, '[]', 3600, '[\"ANALYST\"]', false)"
        ),
        format!(
            "insert into person (id, agency_id, subject, name, roles, sworn, machine, cfr28_certified)
             values ('{person}', '{agency}', 'ann', 'Ann', '[\"ANALYST\"]', false, false, false)"
        ),
    ] {
        app.db.store.orm.execute_unprepared(&sql).await.expect("the row is written");
    }
    Who { agency, subject: "ann".to_owned(), role: Role::Analyst }
}

/// Every connection that is idle on the reading lanes is ended by the server, as at its restart.
#[tokio::test]
async fn a_lane_that_the_server_ended_is_replaced_unseen() {
    let app = App::start(Engine::Postgres).await;
    let who = analyst(&app).await;
    let question = "{ agencies { nodes { name } } }";
    let before = app.ask(&who, question, json!({})).await;
    assert_eq!(before.data()["agencies"]["nodes"], json!([{ "name": "DSS" }]));
    let ended = app
        .db
        .store
        .orm
        .execute_unprepared(
            "select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and query like 'select (select version from standing)%'",
        )
        .await
        .expect("the server ends them");
    assert!(ended.rows_affected() >= 1, "a lane was idle");
    let after = app.ask(&who, question, json!({})).await;
    assert_eq!(after.data(), before.data());
}
