//! One fresh database per test, on either engine.

#![allow(dead_code, reason = "each test binary uses its own part")]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a test fails by it"
)]

pub mod abroad;
pub mod app;
pub mod details;
pub mod line;
pub mod listen;
pub mod papers;
pub mod plan;
pub mod program;
pub mod programmes;
pub mod small_world;
pub mod visits;
pub mod writer;

/// All of a response clock.
pub const CLOCK: &str = "{ acknowledge { state due met } firstAnswer { state due met } update { state due met } resolve { state due met } }";

use std::sync::atomic::{AtomicU32, Ordering};

use chancery::{
    clock::Clock,
    store::{Address, Engine, Store},
};
use sqlx::{Connection as _, PgConnection, postgres::PgConnectOptions};
use tempfile::TempDir;

/// A migrated, empty database that goes away with the value.
pub struct TestDb {
    /// The open database.
    pub store: Store,
    /// Stands at 2026-11-22T12:00:00Z until it is moved.
    pub clock: Clock,
    directory: TempDir,
    postgres: Option<(PgConnectOptions, String)>,
}

/// An application over a new small world, its agencies enrolled: whom a concern is referred to must be able to sign in.
pub async fn enrolled(engine: Engine) -> app::App {
    let app = small_world::app(engine).await;
    for who in small_world::everybody() {
        app.token(&who).await;
    }
    app
}

static NEXT: AtomicU32 = AtomicU32::new(0);

impl TestDb {
    /// Makes it.
    pub async fn new(engine: Engine) -> Self {
        let directory = TempDir::new().expect("a temporary directory");
        let (address, postgres) = match engine {
            Engine::Sqlite => (Address::file(directory.path().join("chancery.sqlite")), None),
            Engine::Postgres => {
                let (admin, name) = create_database().await;
                (Address::Postgres(admin.clone().database(&name)), Some((admin, name)))
            }
        };
        let store = Store::open(address).await.expect("the database opens");
        store.migrate().await.expect("the migrations apply");
        let clock = Clock::fixed(chancery::clock::parse_instant("2026-11-22T12:00:00Z").expect("an instant"));
        Self { store, clock, directory, postgres }
    }

    /// A directory of the test's own.
    pub fn directory(&self) -> &std::path::Path {
        self.directory.path()
    }
}

/// `./check` provides the server and names it; a test never goes without an engine.
async fn create_database() -> (PgConnectOptions, String) {
    #[allow(clippy::disallowed_methods, reason = "tests have no configuration of their own")]
    let url = std::env::var("TEST_DATABASE_URL").expect("TEST_DATABASE_URL names a PostgreSQL server: run ./check");
    let admin: PgConnectOptions = url.parse().expect("a postgres:// URL");
    let name = format!("chancery_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let mut connection = PgConnection::connect_with(&admin).await.expect("PostgreSQL answers");
    run(&mut connection, format!("create database {name}")).await;
    (admin, name)
}

async fn run(connection: &mut PgConnection, sql: String) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(connection).await.expect("the statement runs");
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let Some((admin, name)) = self.postgres.take() else { return };
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let mut connection = PgConnection::connect_with(&admin).await.expect("PostgreSQL answers");
                run(&mut connection, format!("drop database {name} with (force)")).await;
            });
        });
        if dropped.join().is_err() {
            eprintln!("a test database was left behind");
        }
    }
}
