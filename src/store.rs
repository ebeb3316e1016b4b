//! The database: opens either engine, and brings its schema up to date.

mod batch;
mod rows;
mod transaction;

use std::{path::PathBuf, str::FromStr, sync::Arc, time::Duration};

pub use batch::{Batch, Binds};
pub use rows::Rows;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbErr, SqliteTransactionMode, SqlxPostgresConnector, SqlxSqliteConnector,
    Statement, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;
use sqlx::{
    Connection as _, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

pub use transaction::Transaction;
use transaction::Writers;

use crate::error::{Code, Error, Result};

/// How long a database may take to answer at the start.
const PATIENCE: Duration = Duration::from_secs(10);

/// PostgreSQL's connections of SeaORM's pool: for what is no transaction of a writer's.
const BESIDE: u32 = 2;

/// Which engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// Embedded, the default.
    Sqlite,
    /// For service.
    Postgres,
}

impl Engine {
    /// The name by which OpenTelemetry's conventions call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgresql",
        }
    }
}

/// How to reach the database.
#[derive(Clone, Debug)]
pub enum Address {
    /// A SQLite file, made if it is not there.
    Sqlite(SqliteConnectOptions),
    /// A PostgreSQL server.
    Postgres(PgConnectOptions),
}

impl Address {
    /// A SQLite database file: write-ahead log, foreign keys on, waits 5 s for a lock.
    pub fn file(path: PathBuf) -> Self {
        Self::Sqlite(
            SqliteConnectOptions::new()
                .filename(path)
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Normal)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(5)),
        )
    }

    /// A `postgres://` URL.
    pub fn url(url: &str) -> Result<Self> {
        Ok(Self::Postgres(PgConnectOptions::from_str(url)?.application_name("chancery")))
    }

    /// The engine behind the address.
    pub const fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }
}

/// An open database. `orm` is for the writers (`desk`, `import`, migrations); readers go through `read::lanes`.
#[derive(Clone, Debug)]
pub struct Store {
    /// How it was reached: the reading lanes open their own connections.
    pub address: Address,
    /// SeaORM's connection pool.
    pub orm: DatabaseConnection,
    /// PostgreSQL's connections for transactions; SQLite has one writer, which is `orm`'s.
    writers: Option<Arc<Writers>>,
}

impl Store {
    /// Connects. The schema may be older than the program: see [`Store::migrate`].
    pub async fn open(address: Address) -> Result<Self> {
        let orm = match &address {
            // SQLite has one writer; one connection saves the writers from waiting on each other by polling.
            Address::Sqlite(options) => SqlxSqliteConnector::from_sqlx_sqlite_pool(
                SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?,
            ),
            Address::Postgres(options) => {
                // A pool tries a server that refuses for half a minute; an operator wants to know at once.
                let first = tokio::time::timeout(PATIENCE, PgConnection::connect_with(options)).await;
                first.map_err(|_| sqlx::Error::PoolTimedOut)??.close().await?;
                SqlxPostgresConnector::from_sqlx_postgres_pool(
                    PgPoolOptions::new().max_connections(BESIDE).connect_with(options.clone()).await?,
                )
            }
        };
        Ok(Self::over(address, orm))
    }

    /// Over connections that are there.
    pub fn over(address: Address, orm: DatabaseConnection) -> Self {
        let writers = match &address {
            Address::Sqlite(_) => None,
            Address::Postgres(options) => Some(Arc::new(Writers::new(options.clone()))),
        };
        Self { address, orm, writers }
    }

    /// Begins to write. SQLite takes its one write lock now: a transaction that read first and then wants to write is
    /// refused without waiting. PostgreSQL reads what others have committed by each statement, whatever the server's
    /// default: what is derived from rows, and the chains of the audit trail, rely on it.
    pub async fn begin(&self) -> Result<Transaction, DbErr> {
        self.begin_with("").await
    }

    /// The same; PostgreSQL does these statements first, in the same round trip.
    pub async fn begin_with(&self, first: &str) -> Result<Transaction, DbErr> {
        if let Some(writers) = &self.writers {
            return writers.begin(first).await;
        }
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(Transaction::mapped(self.orm.begin_with_options(options).await?))
    }

    /// The engine.
    pub const fn engine(&self) -> Engine {
        self.address.engine()
    }

    /// Connections of one's own for the registry and the log of changes, at most so many, apart from the writers': a long
    /// change never holds up who reads. Made for reading; SQLite's can do nothing else.
    pub async fn apart(&self, most: u32) -> Result<DatabaseConnection> {
        Ok(match &self.address {
            Address::Sqlite(options) => SqlxSqliteConnector::from_sqlx_sqlite_pool(
                SqlitePoolOptions::new().max_connections(most).connect_with(options.clone().read_only(true)).await?,
            ),
            Address::Postgres(options) => SqlxPostgresConnector::from_sqlx_postgres_pool(
                PgPoolOptions::new().max_connections(most).connect_with(options.clone()).await?,
            ),
        })
    }

    /// The engine and its version, for people.
    pub async fn version(&self) -> Result<String> {
        let (name, sql) = match self.engine() {
            Engine::Sqlite => ("SQLite", "select sqlite_version() as version"),
            Engine::Postgres => ("PostgreSQL", "select current_setting('server_version') as version"),
        };
        Ok(format!("{name} {}", self.text(sql).await?.unwrap_or_default()))
    }

    /// What the server's clock says, canonical; none for the embedded database, which has none of its own.
    pub async fn clock(&self) -> Result<Option<String>> {
        match self.engine() {
            Engine::Sqlite => Ok(None),
            Engine::Postgres => {
                let sql =
                    "select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') as now";
                self.text(sql).await
            }
        }
    }

    /// What the embedded database finds wrong with its own file; nothing for PostgreSQL, whose own tools look
    /// (`pg_amcheck`, `pg_checksums`).
    pub async fn corruption(&self) -> Result<Option<String>> {
        match self.engine() {
            Engine::Postgres => Ok(None),
            Engine::Sqlite => Ok(self.text("pragma quick_check(1)").await?.filter(|found| found != "ok")),
        }
    }

    async fn text(&self, sql: &str) -> Result<Option<String>> {
        let row = self.orm.query_one_raw(Statement::from_string(self.orm.get_database_backend(), sql)).await?;
        Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
    }

    /// Applies the migrations that are missing.
    pub async fn migrate(&self) -> Result<()> {
        Ok(migration::Migrator::up(&self.orm, None).await?)
    }

    /// How many migrations are missing. It only reads. A schema that is newer than the program is an error.
    pub async fn pending_migrations(&self) -> Result<usize> {
        match migration::missing(&self.orm).await {
            Err(DbErr::Migration(newer)) => Err(Error::new(Code::Conflict, newer)),
            other => Ok(other?),
        }
    }
}

/// Whether the connection is gone, or the server is ending it (SQLSTATE class 57P).
pub fn is_disconnection(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| code.starts_with("57P")),
        _ => false,
    }
}
