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

#[rstest]
#[tokio::test]
async fn every_step_goes_up_down_and_up_again(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = support::TestDb::new(engine).await;
    migration::Migrator::down(&db.store.orm, None).await.expect("down");
    migration::Migrator::up(&db.store.orm, None).await.expect("up");
    assert_eq!(db.store.pending_migrations().await.expect("status"), 0);
}
