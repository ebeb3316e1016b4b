//! The schema goes up and down on both engines.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use chancery::store::Engine;
use migration::MigratorTrait;
use rstest::rstest;
use sea_orm::ConnectionTrait as _;

#[rstest]
#[tokio::test]
async fn every_step_goes_up_down_and_up_again(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = support::TestDb::new(engine).await;
    migration::Migrator::down(&db.store.orm, None).await.expect("down");
    migration::Migrator::up(&db.store.orm, None).await.expect("up");
    assert_eq!(db.store.pending_migrations().await.expect("status"), 0);
}

/// A probe asks again and again, perhaps as a database role that may only read.
#[rstest]
#[tokio::test]
async fn asking_what_is_missing_changes_nothing(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = support::TestDb::new(engine).await;
    let steps = migration::Migrator::migrations().len();
    migration::Migrator::down(&db.store.orm, Some(1)).await.expect("down");
    assert_eq!(db.store.pending_migrations().await.expect("status"), 1);
    migration::Migrator::down(&db.store.orm, None).await.expect("down");
    db.store.orm.execute_unprepared("drop table seaql_migrations").await.expect("dropped");
    assert_eq!(db.store.pending_migrations().await.expect("status"), steps);
    let made = db.store.orm.execute_unprepared("select 1 from seaql_migrations").await;
    assert!(made.is_err(), "asking made the table");
}

#[rstest]
#[tokio::test]
async fn a_schema_of_a_newer_program_is_refused(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = support::TestDb::new(engine).await;
    let newer = "insert into seaql_migrations (version, applied_at) values ('m9999_later', 0)";
    db.store.orm.execute_unprepared(newer).await.expect("the row goes in");
    let refused = db.store.pending_migrations().await.expect_err("it is newer");
    assert!(refused.message.contains("m9999_later"), "{refused:?}");
}
