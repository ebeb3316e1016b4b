//! What nobody waits for any more ends in the database too, as PostgreSQL itself tells.

use std::time::Duration;

use chancery::{
    config::Limits,
    store::{Address, Engine},
};
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};
use tokio::time::{Instant, sleep};

use crate::{
    ALONE,
    support::{
        TestDb,
        app::App,
        enrolled,
        small_world::{analyst, french, liaison_officer, mission},
    },
    wire::{Line, Server},
};

/// Statements and transactions of others in this database.
const UNDER_WAY: &str = "select coalesce(string_agg(concat_ws(' ', state, wait_event, query), '; '), '') from pg_stat_activity \
    where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid() and state <> 'idle'";
/// Those that wait for a lock.
const WAITING: &str = "select coalesce(string_agg(query, '; '), '') from pg_stat_activity where datname = current_database() \
    and pid <> pg_backend_pid() and wait_event_type = 'Lock'";
const QUESTION: &str = "{ concerns(first: 1) { nodes { id } } }";

/// A connection beside the server's, and what it has locked until it is dropped.
struct Holder(PgConnection);

impl Holder {
    async fn of(db: &TestDb, lock: &str) -> Self {
        let Address::Postgres(options) = &db.store.address else { panic!("of PostgreSQL") };
        let mut connection = PgConnection::connect_with(options).await.expect("a connection");
        for sql in ["begin", lock] {
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.expect("it is locked");
        }
        Self(connection)
    }

    /// Waits until there are some or none, or for ten seconds: which there are then.
    async fn until(&mut self, which: &str, some: bool) -> String {
        let began = Instant::now();
        loop {
            // PostgreSQL shows a transaction what it was first shown.
            sqlx::raw_sql("select pg_stat_clear_snapshot()").execute(&mut self.0).await.expect("seen anew");
            let sql = sqlx::AssertSqlSafe(which);
            let found: String = sqlx::query_scalar(sql).fetch_one(&mut self.0).await.expect("statements");
            if found.is_empty() != some || began.elapsed() > Duration::from_secs(10) {
                return found;
            }
            sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Within a second, or within a minute.
async fn app(operation_seconds: u64) -> (App, String) {
    let limits = Limits { operation_seconds, ..Limits::default() };
    let app = enrolled(Engine::Postgres).await.another(limits).await;
    let raise = "mutation($input: RaiseConcernInput!) { raiseConcern(input: $input) { concern { id } } }";
    let input = json!({ "missionId": mission(1), "kind": "CONCERN", "category": "SURVEILLANCE", "severity": "LOW",
        "title": "A parked van", "narrative": "It stands there." });
    let reply = app.ask(&french(), raise, json!({ "input": input })).await;
    let id = reply.data()["raiseConcern"]["concern"]["id"].as_str().expect("an id").to_owned();
    (app, id)
}

fn row_lock(id: &str) -> String {
    format!("select 1 from concern where id = '{}' for update", id.trim_start_matches("concern_"))
}

fn acknowledge(id: &str) -> String {
    format!("mutation {{ acknowledgeConcern(input: {{concernId: \"{id}\"}}) {{ concern {{ id status }} }} }}")
}

/// What a command would have written: the concern as it is, and how much there is of the rest.
async fn written(holder: &mut Holder) -> String {
    let sql = "select concat((select string_agg(c::text, ',' order by c.id) from concern c), \
        (select count(*) from entry), '-', (select count(*) from change_event), '-', (select count(*) from performed))";
    sqlx::query_scalar(sql).fetch_one(&mut holder.0).await.expect("what there is")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_that_waits_for_a_lock_ends_at_its_time() {
    let _shared = ALONE.read().await;
    let (app, _) = app(1).await;
    let mut holder = Holder::of(&app.db, "lock table concern in access exclusive mode").await;
    assert_eq!(app.ask(&analyst(), QUESTION, Value::Null).await.code(), "TIMEOUT");
    assert_eq!(holder.until(UNDER_WAY, false).await, "", "a statement goes on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_that_waits_for_a_row_ends_at_its_time() {
    let _shared = ALONE.read().await;
    let (app, id) = app(1).await;
    let mut holder = Holder::of(&app.db, &row_lock(&id)).await;
    let before = written(&mut holder).await;
    let reply = app.ask(&liaison_officer(), &acknowledge(&id), Value::Null).await;
    assert_eq!(reply.code(), "TIMEOUT", "{}", reply.text);
    assert_eq!(holder.until(UNDER_WAY, false).await, "", "a statement goes on");
    drop(holder);
    let mut holder = Holder::of(&app.db, "select 1").await;
    assert_eq!(holder.until(UNDER_WAY, false).await, "");
    assert_eq!(written(&mut holder).await, before);
    // The same command is done, now that nothing is in its way.
    drop(holder);
    app.ask(&liaison_officer(), &acknowledge(&id), Value::Null).await.data();
}

/// Time enough, but not for waiting: that the row is taken is no fault of the server.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_whose_row_is_taken_is_told_so() {
    let _shared = ALONE.read().await;
    let (app, id) = app(30).await;
    let mut holder = Holder::of(&app.db, &row_lock(&id)).await;
    let before = written(&mut holder).await;
    let reply = app.ask(&liaison_officer(), &acknowledge(&id), Value::Null).await;
    assert_eq!(reply.code(), "TIMEOUT", "{}", reply.text);
    assert_eq!(holder.until(UNDER_WAY, false).await, "", "a statement goes on");
    assert_eq!(written(&mut holder).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_client_that_hung_up_asked_for_ends() {
    let _shared = ALONE.read().await;
    let (app, id) = app(60).await;
    let server = Server::of(app.router(), Limits::default(), ()).await;
    let acknowledge = acknowledge(&id);
    let cases = [
        (analyst(), QUESTION, "lock table concern in access exclusive mode".to_owned()),
        (liaison_officer(), acknowledge.as_str(), row_lock(&id)),
    ];
    for (who, query, lock) in cases {
        let token = app.token(&who).await;
        let mut holder = Holder::of(&app.db, &lock).await;
        let before = written(&mut holder).await;
        let mut line = Line::to(server.address).await;
        let body = json!({ "query": query }).to_string();
        let length = body.len();
        line.send(&format!("POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")).await;
        assert_ne!(holder.until(WAITING, true).await, "", "{query} waits");
        drop(line);
        assert_eq!(holder.until(UNDER_WAY, false).await, "", "{query} goes on");
        assert_eq!(written(&mut holder).await, before);
    }
}
