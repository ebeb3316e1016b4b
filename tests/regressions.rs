//! Attacks that once succeeded, each through the front door.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

mod support;

#[allow(dead_code, reason = "the rows of another test")]
#[path = "visibility/rows.rs"]
mod rows;

use std::time::{Duration, Instant};

use chancery::{
    access::{Kind, Role},
    config::Limits,
    desk::Work,
    store::{Address, Engine},
};
use entity::{agency, entry, person};
use rstest::rstest;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::{Value, json};
use sqlx::Connection as _;
use support::{
    TestDb,
    app::{App, Reply, Who},
};

const ROLES: [&str; 2] = ["ANALYST", "LIAISON_OFFICER"];

/// Agency 0 is of DSS with person 0, an analyst and liaison officer responsible for mission 0. Mission 0 raised
/// concern 0 by person 1, who wrote entry 0; person 0 wrote entry 1.
async fn world(engine: Engine) -> TestDb {
    let db = TestDb::new(engine).await;
    let mut work = Work::begin(&db.store, &db.clock).await.unwrap();
    rows::put_state(&mut work, 0, "FR").await;
    for slot in 0..2 {
        rows::put_agency(&mut work, slot, "An agency").await;
        rows::put_person(&mut work, slot, slot).await;
    }
    rows::put_mission(&mut work, 0, Some(0), Some("36061")).await;
    rows::put_mission(&mut work, 1, Some(0), None).await;
    let mut concern = rows::concern(0, 0);
    concern.origin_mission_id = Some(rows::id(Kind::Mission, 0));
    concern.reporter_id = Some(rows::id(Kind::Person, 1));
    rows::put_concern(&mut work, concern).await;
    for slot in 0..2 {
        rows::put_entry(&mut work, slot, 0, "MISSION", &[]).await;
        let author = Set(Some(rows::id(Kind::Person, 1 - slot)));
        let row = entry::ActiveModel { id: Set(rows::id(Kind::Entry, slot)), author_id: author, ..Default::default() };
        row.update(work.rows()).await.unwrap();
    }
    let roles = || Set(json!(ROLES).to_string());
    let row = agency::ActiveModel {
        id: Set(rows::id(Kind::Agency, 0)),
        kind: Set("DIPLOMATIC_SECURITY".to_owned()),
        roles: roles(),
        ..Default::default()
    };
    row.update(work.rows()).await.unwrap();
    let row = person::ActiveModel { id: Set(rows::id(Kind::Person, 0)), roles: roles(), ..Default::default() };
    row.update(work.rows()).await.unwrap();
    work.commit().await.unwrap();
    db
}

fn who(role: Role) -> Who {
    Who { agency: rows::id(Kind::Agency, 0), subject: "subject-0".to_owned(), role }
}

async fn app(engine: Engine) -> App {
    App::over(world(engine).await).await
}

async fn ask(app: &App, query: &str, variables: Value) -> Reply {
    app.ask(&who(Role::Analyst), query, variables).await
}

/// A block string that does not end hid all behind it from the scan; the parser went on, 2,000 brackets deep, and
/// the process aborted.
#[rstest]
#[tokio::test]
async fn brackets_behind_an_open_block_string_are_refused(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = app(engine).await;
    let deep =
        format!("{{ missions(filter: {{and: [\"\"\"x\" {}{}]}}) {{ totalCount }} }}", "[".repeat(400), "]".repeat(400));
    assert_eq!(ask(&app, &deep, Value::Null).await.code(), "GRAPHQL_PARSE_FAILED");
}

/// Fragments that spread each other in inline fragments nested 1,200 deep within the bounds; the process aborted.
#[rstest]
#[tokio::test]
async fn a_tower_of_fragments_is_refused(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = app(engine).await;
    let tower = |stories: usize, steps: usize| {
        let mut text = "{ ...F0 }".to_owned();
        for story in 0..stories {
            let next = if story + 1 < stories { format!("...F{}", story + 1) } else { "viewer { role }".to_owned() };
            let (open, close) = ("...{".repeat(steps), "}".repeat(steps));
            text = format!("{text} fragment F{story} on Query {{{open}{next}{close}}}");
        }
        text
    };
    assert_eq!(ask(&app, &tower(90, 13), Value::Null).await.code(), "QUERY_TOO_COMPLEX");
    assert_eq!(ask(&app, &tower(8, 10), Value::Null).await.data()["viewer"]["role"], "ANALYST");
}

/// Without an aggregate in it the statement gave one object for each row of the page: none for no row, and an error
/// of PostgreSQL for two.
#[rstest]
#[tokio::test]
async fn page_info_is_one_object_however_many_rows(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = app(engine).await;
    for (field, value) in [("__typename", json!("PageInfo")), ("hasPreviousPage", json!(false))] {
        for filter in ["", "(filter: {name: {eq: \"nowhere\"}})"] {
            let reply = ask(&app, &format!("{{ missions{filter} {{ pageInfo {{ {field} }} }} }}"), Value::Null).await;
            assert_eq!(reply.data()["missions"]["pageInfo"][field], value, "{}", reply.text);
        }
    }
    let reply = ask(&app, "{ missions(last: 1) { pageInfo { hasNextPage } } }", Value::Null).await;
    assert_eq!(reply.data()["missions"]["pageInfo"], json!({"hasNextPage": false}));
    let reply = ask(&app, "{ missions(first: 1) { pageInfo { hasNextPage hasPreviousPage } } }", Value::Null).await;
    assert_eq!(reply.data()["missions"]["pageInfo"], json!({"hasNextPage": true, "hasPreviousPage": false}));
}

/// A variable of another type passed the library's validation: an order was ignored, a filter did not filter.
#[rstest]
#[case::one_order("$x: MissionOrder", "orderBy: $x", json!("NAME_DESC"))]
#[case::one_filter("$x: MissionFilter", "filter: {and: $x}", json!({"name": {"eq": "nowhere"}}))]
#[case::text_for_truth("$x: String", "filter: {city: {isNull: $x}}", json!("true"))]
#[case::nullable_item("$x: [String]", "filter: {city: {in: $x}}", json!([null]))]
#[case::text_for_int("$x: String", "first: $x", json!("1"))]
#[tokio::test]
async fn a_variable_stands_only_where_its_type_fits(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[case] declared: &str,
    #[case] argument: &str,
    #[case] value: Value,
) {
    let app = app(engine).await;
    let query = format!("query({declared}) {{ missions({argument}) {{ totalCount nodes {{ id }} }} }}");
    assert_eq!(ask(&app, &query, json!({ "x": value })).await.code(), "GRAPHQL_VALIDATION_FAILED");
}

#[rstest]
#[tokio::test]
async fn a_variable_that_fits_is_taken(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = app(engine).await;
    let query = "query($id: ID = \"x\", $all: [MissionOrder!]! = NAME_ASC, $size: Int! = 1, $not: MissionFilter) {
        node(id: $id) { id } missions(orderBy: $all, first: $size, filter: {not: $not}) { totalCount }
    }";
    let reply = ask(&app, query, json!({})).await;
    assert_eq!(*reply.data(), json!({"node": null, "missions": {"totalCount": 2}}));
}

/// A thousand alternatives were an expression too deep for SQLite, and each was looked for among all before it.
#[rstest]
#[tokio::test]
async fn a_filter_of_too_many_conditions_is_refused(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = app(engine).await;
    let query = "query($or: [MissionFilter!]) { missions(filter: {or: $or}) { totalCount } }";
    let names = |count: usize| -> Value { (0..count).map(|n| json!({"name": {"eq": n.to_string()}})).collect() };
    assert_eq!(ask(&app, query, json!({"or": names(1000)})).await.code(), "QUERY_TOO_COMPLEX");
    assert_eq!(ask(&app, query, json!({"or": vec![json!({}); 1000]})).await.code(), "QUERY_TOO_COMPLEX");
    let reply = ask(&app, query, json!({"or": names(140)})).await;
    assert_eq!(reply.data()["missions"]["totalCount"], 0);
}

/// An analyst, who reads no reporter, read the name as the author of the reporter's own entries.
#[rstest]
#[tokio::test]
async fn an_author_is_as_deep_as_the_reporter(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = app(engine).await;
    let query = "{ concerns { nodes { entries { totalCount nodes { author } } } } }";
    assert_eq!(ask(&app, query, Value::Null).await.code(), "GRAPHQL_VALIDATION_FAILED");
    // Of DSS, without the portfolio: contact only.
    let reply = app.ask(&who(Role::LiaisonOfficer), query, Value::Null).await;
    let nulls = json!({"totalCount": 2, "nodes": [{"author": null}, {"author": null}]});
    assert_eq!(reply.data()["concerns"]["nodes"][0]["entries"], nulls);
}

/// What nobody waits for any more ends in the database too: SQLite's thread and PostgreSQL's server went on.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_that_takes_too_long_ends_in_the_database(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let db = world(engine).await;
    let mut work = Work::begin(&db.store, &db.clock).await.unwrap();
    for slot in 1..=100 {
        rows::put_concern(&mut work, rows::concern(slot, 0)).await;
    }
    work.commit().await.unwrap();
    let app = App::with(db, Limits { operation_seconds: 1, cost: u64::MAX, ..Limits::default() }).await;
    let level = "concerns(first: 100) { nodes { mission { ";
    let slow = format!("{{ missions {{ nodes {{ {}id{} }} }} }}", level.repeat(3), " } } }".repeat(3));
    assert_eq!(ask(&app, &slow, Value::Null).await.code(), "TIMEOUT");
    assert!(!still_reads(&app.db).await, "the statement goes on");
    assert_eq!(ask(&app, "{ viewer { role } }", Value::Null).await.data()["viewer"]["role"], "ANALYST");
}

/// Whether a statement still reads, three seconds on: SQLite cannot empty its log under a reader, PostgreSQL tells.
async fn still_reads(db: &TestDb) -> bool {
    let patience = Duration::from_secs(3);
    match &db.store.address {
        Address::Sqlite(options) => {
            let mut work = Work::begin(&db.store, &db.clock).await.unwrap();
            rows::put_concern(&mut work, rows::concern(101, 0)).await;
            work.commit().await.unwrap();
            let options = options.clone().busy_timeout(patience);
            let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
            let busy: i64 =
                sqlx::query_scalar("pragma wal_checkpoint(truncate)").fetch_one(&mut connection).await.unwrap();
            busy != 0
        }
        Address::Postgres(options) => {
            let mut connection = sqlx::PgConnection::connect_with(options).await.unwrap();
            let active = "select count(*) from pg_stat_activity \
                where datname = current_database() and state = 'active' and pid <> pg_backend_pid()";
            let ended = Instant::now();
            loop {
                let busy: i64 = sqlx::query_scalar(active).fetch_one(&mut connection).await.unwrap();
                if busy == 0 || ended.elapsed() > patience {
                    return busy != 0;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}
