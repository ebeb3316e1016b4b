//! The connections of writers outlive what happens to the server, and give back what they hold.

use std::time::Duration;

use chancery::store::Engine;
use sea_orm::{ConnectionTrait as _, Statement};
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

/// Whoever hangs up, wherever the command is by then: a turn that nobody waits for any more is given on, and no
/// transaction stays open.
#[tokio::test]
async fn who_goes_away_half_way_holds_nobody_up() {
    let app = desk(Engine::Postgres).await;
    raised(&app).await;
    for step in 0..60 {
        let _ = tokio::time::timeout(Duration::from_micros(step * 200), raised(&app)).await;
    }
    // Several at once: some are dropped while they wait for their turn.
    for step in 0..10 {
        let some = || tokio::time::timeout(Duration::from_millis(step), raised(&app));
        let _ = tokio::join!(some(), some(), some(), some(), some(), some(), some(), some());
    }
    let held =
        "select count(*) as n from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
        and (state like 'idle in transaction%' or wait_event_type = 'Lock')";
    let statement = Statement::from_string(app.db.store.orm.get_database_backend(), held);
    for _ in 0..100 {
        let row = app.db.store.orm.query_one_raw(statement.clone()).await.expect("asked").expect("a row");
        if row.try_get::<i64>("", "n").expect("a number") == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let row = app.db.store.orm.query_one_raw(statement).await.expect("asked").expect("a row");
    assert_eq!(row.try_get::<i64>("", "n").expect("a number"), 0, "somebody still holds something");
    raised(&app).await;
    is_whole(&app.db).await;
}
