//! The connections of writers outlive what happens to the server, and give back what they hold.

use chancery::store::Engine;
use sea_orm::ConnectionTrait as _;
use serde_json::json;

use crate::{
    code, desk, is_whole,
    life::raised,
    refused,
    support::small_world::{liaison_officer, police},
};

/// Every connection that is idle between two commands is ended by the server, as at its restart.
#[tokio::test]
async fn a_connection_that_the_server_ended_is_replaced_unseen() {
    let app = desk(Engine::Postgres).await;
    raised(&app).await;
    let ended = app
        .db
        .store
        .orm
        .execute_unprepared(
            "select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and query = 'commit' and pid <> pg_backend_pid()",
        )
        .await
        .expect("the server ends them");
    assert!(ended.rows_affected() >= 1, "one was idle");
    raised(&app).await;
    is_whole(&app.db).await;
}

/// A command that is refused has rolled back: many in a row leave the turn, and a connection, to the next.
#[tokio::test]
async fn what_is_refused_gives_its_turn_back() {
    let app = desk(Engine::Postgres).await;
    let id = raised(&app).await;
    for _ in 0..12 {
        let error = refused(&app, &police(), "replyToConcern", json!({ "concernId": id, "body": "x" })).await;
        assert_eq!(code(&error), "NOT_FOUND");
        let error = refused(&app, &liaison_officer(), "resolveConcern", json!({ "concernId": id, "body": "x" })).await;
        assert_eq!(code(&error), "CONFLICT");
    }
    raised(&app).await;
    is_whole(&app.db).await;
}
