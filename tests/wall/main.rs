//! The second wall on PostgreSQL: a statement that forgot its scope shows what its principal sees through the front
//! door, and nothing when nobody asks; and a wall with a hole is noticed.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

#[path = "../support/mod.rs"]
mod support;

mod holes;
mod operator;
mod plan;
mod planted;
mod role;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use chancery::{
    access::Kind,
    model::{definition, view::View},
    read::{
        Asker, Cost, CursorSeal, Read, Reader, Scope,
        coerce::Variables,
        plan::{Plan, Slot},
        wall::Wall,
    },
    store::{Address, Engine},
};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, error::DatabaseError};

use support::{
    TestDb,
    app::{App, READER, Who},
    papers, small_world,
};

/// A small world behind the wall.
async fn walled() -> App {
    let db = TestDb::new(Engine::Postgres).await;
    papers::fill_with_trail(&db).await;
    App::walled_apart(db).await
}

/// A reader of its own with one lane, so that one principal's statements follow another's on it.
async fn one_lane(app: &App) -> Reader {
    let wall = Wall::of(&app.db.store, READER).await.expect("the wall stands");
    let seal = CursorSeal::new(b"a secret of the tests");
    Reader::new(&app.db.store, seal, 1, Duration::from_secs(10)).behind(&wall)
}

/// What a statement is told of a principal, as the gateway tells it.
async fn asker(app: &App, who: &Who) -> Asker {
    let principal = app.principal(who).await;
    let (standing, now) = (principal.standing(), app.db.clock.now_text());
    Asker {
        scope: Scope { role: who.role, internal: standing.is_internal() },
        keys: standing.keys(&now).into(),
        now,
        bearer: String::new(),
        agency: standing.agency.clone(),
        person: standing.person.clone(),
        changed: vec![],
        request_id: String::new(),
        viewer: Vec::new(),
    }
}

/// Runs an expression as a planned statement would run, on a lane.
async fn plant(reader: &Reader, asker: &Asker, expression: &str) -> chancery::error::Result<Value> {
    run(reader, asker, &format!("select (select version from standing), ({expression})::text")).await
}

async fn run(reader: &Reader, asker: &Asker, sql: &str) -> chancery::error::Result<Value> {
    let plan = Plan {
        sql: Some(sql.into()),
        binds: Vec::new(),
        slots: vec![("planted".to_owned(), Slot::Column)],
        cursors: Vec::new(),
        discloses: false,
        counted: BTreeMap::new(),
        cost: Cost::default(),
    };
    let Read { columns, .. } = reader.run(&plan, &Variables::new(), asker).await?.expect("it reads");
    Ok(serde_json::from_str(columns[0].as_deref().expect("an answer")).expect("JSON"))
}

/// Every id of a table, without any gate.
fn all_ids(table: &str) -> String {
    format!("select coalesce(json_agg(t.id order by t.id), '[]') from {table} t")
}

fn texts(list: &Value) -> BTreeSet<String> {
    list.as_array().expect("a list").iter().map(|id| id.as_str().expect("a text").to_owned()).collect()
}

/// The rows of a type that a principal sees through the front door.
async fn seen(app: &App, who: &Who, kind: Kind) -> BTreeSet<String> {
    if !View::of(who.role).types.contains_key(&kind) {
        return BTreeSet::new();
    }
    let mut owner = connection(app, None).await;
    let prefix = definition(kind).prefix;
    let all = texts(&column(&mut owner, &all_ids(definition(kind).table)).await);
    let ids: Vec<String> = all.iter().map(|id| format!("{prefix}_{id}")).collect();
    let mut seen = BTreeSet::new();
    for some in ids.chunks(100) {
        let reply = app.ask(who, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": some })).await;
        let nodes = reply.data()["nodes"].as_array().expect("nodes");
        seen.extend(nodes.iter().filter_map(|node| node["id"].as_str()?.rsplit_once('_')).map(|(_, id)| id.to_owned()));
    }
    seen
}

/// A connection outside the lanes, as the tables' owner or as another role.
async fn connection(app: &App, role: Option<&str>) -> PgConnection {
    let Address::Postgres(options) = &app.db.store.address else { panic!("PostgreSQL") };
    let options = role.map_or_else(|| options.clone(), |role| options.clone().options([("role", role)]));
    PgConnection::connect_with(&options).await.expect("PostgreSQL answers")
}

/// The one value, JSON, of a statement.
async fn column(connection: &mut PgConnection, sql: &str) -> Value {
    let sql = format!("select ({sql})::text");
    let row = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_one(connection).await.expect("a row");
    serde_json::from_str(&row.get::<String, _>(0)).expect("JSON")
}

/// Runs a statement, or says by which SQLSTATE it was refused.
async fn refused(connection: &mut PgConnection, sql: &str) -> Option<String> {
    let outcome = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await;
    outcome.err().map(|error| error.as_database_error().and_then(DatabaseError::code).expect("a SQLSTATE").into_owned())
}

/// SQLSTATE: not allowed.
const DENIED: &str = "42501";

/// Every table and view of the database.
async fn tables(app: &App) -> Vec<String> {
    let sql = "select json_agg(c.relname order by c.relname) from pg_class c
      where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relnamespace = current_schema()::regnamespace";
    texts(&column(&mut connection(app, None).await, sql).await).into_iter().collect()
}
