//! The audit trail: that it only grows, that what was done and refused is in it, and that what is taken away is found.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

#[path = "../support/mod.rs"]
mod support;

mod commands;
mod grants;
mod graph;
mod law;
mod reads;
mod tamper;

use chancery::{
    audit::{Fault, What, verify},
    store::Engine,
};
use entity::audit_event::{Column, Entity, Model};
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::{Value, json};

use support::{
    TestDb,
    app::{App, Reply, Who},
    enrolled as world,
};

/// A chain, first event first.
async fn chain(db: &TestDb, writer: &str) -> Vec<Model> {
    let found = Entity::find().filter(Column::Writer.eq(writer)).order_by_asc(Column::Sequence);
    found.all(&db.store.orm).await.expect("events")
}

/// What is wrong first.
async fn fault(db: &TestDb) -> Option<Fault> {
    verify(&db.store, None).await.expect("compared").fault
}

fn at(writer: &str, sequence: i64, what: What) -> Fault {
    Fault { writer: Some(writer.to_owned()), sequence, what }
}

/// Does a command.
async fn act(app: &App, who: &Who, command: &str, input: Value) -> Reply {
    let ty = format!("{}{}Input", command[..1].to_uppercase(), &command[1..]);
    let query = format!("mutation M($input: {ty}!) {{ {command}(input: $input) {{ __typename }} }}");
    app.ask(who, &query, json!({ "input": input })).await
}

/// Takes the triggers away, as the tables' owner may.
async fn disarm(db: &TestDb) {
    let names = match db.store.engine() {
        Engine::Postgres => {
            run(db, "alter table audit_event disable trigger all").await;
            run(db, "alter table audit_anchor disable trigger all").await;
            return;
        }
        Engine::Sqlite => ["audit_event", "audit_anchor"],
    };
    for table in names {
        for name in ["update", "delete", "replace"] {
            run(db, &format!("drop trigger {table}_no_{name}")).await;
        }
    }
}

async fn run(db: &TestDb, sql: &str) {
    db.store.orm.execute_unprepared(sql).await.expect("the SQL runs");
}
