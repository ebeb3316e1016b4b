//! A writer's transaction, for SeaORM's inserts, updates and deletes.
//!
//! On PostgreSQL its connection is leased by us: SeaORM's pool asks a connection whether it is there when it is taken
//! and again when it is given back, and begins in two round trips. What a transaction begins with (its isolation, its
//! locks) goes with `begin` in one.

use std::{
    sync::{
        Arc, Mutex as Latch, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr,
    Statement, Values, prelude::async_trait::async_trait,
};
use sea_query_sqlx::SqlxValues;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Executor as _, Postgres,
    postgres::{PgConnectOptions, PgConnection},
    query::Query,
};
use tokio::sync::{Mutex, MutexGuard, OwnedSemaphorePermit, Semaphore};

use super::is_disconnection;

/// Connections of writers, at most.
const MOST: usize = 6;
/// How long one of them is waited for, and how long the server may take to begin: longer than a turn is waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long the server may take to roll back for whoever is gone.
const ROLLBACK: Duration = Duration::from_secs(5);
/// How long one is used.
const OLDEST: Duration = Duration::from_mins(30);
/// Prepared statements that a connection keeps.
const STATEMENTS: usize = 200;
/// Bytes of the longest statement that is kept prepared.
const LONGEST_KEPT: usize = 16 * 1024;

/// The connections of writers to a PostgreSQL server.
#[derive(Debug)]
pub(super) struct Writers {
    options: PgConnectOptions,
    permits: Arc<Semaphore>,
    idle: Latch<Vec<Connection>>,
}

/// A connection, and since when it is one.
#[derive(Debug)]
struct Connection {
    socket: PgConnection,
    opened: Instant,
}

impl Writers {
    pub(super) fn new(options: PgConnectOptions) -> Self {
        let options = options.statement_cache_capacity(STATEMENTS);
        Self { options, permits: Arc::new(Semaphore::new(MOST)), idle: Latch::default() }
    }

    /// Begins with what is said first. Whoever is dropped on the way keeps the permit until the server has let go.
    pub(super) async fn begin(self: &Arc<Self>, first: &str) -> Result<Transaction, DbErr> {
        let permit = tokio::time::timeout(PATIENCE, self.permits.clone().acquire_owned()).await;
        let permit = permit.map_err(|_| TOO_LATE)?;
        let mut permit = Some(permit.map_err(|_| ENDED)?);
        let begin = format!("begin isolation level read committed; {first}");
        let mut waiting = self.idle().pop();
        loop {
            let is_fresh = waiting.is_none();
            let connection = match waiting.take() {
                Some(connection) => connection,
                None => self.open().await?,
            };
            let mut lease = Lease {
                connection: Some(Mutex::new(connection)),
                is_working: AtomicBool::new(false),
                home: self.clone(),
                permit: permit.take(),
            };
            // Who goes away without a word is not waited for.
            let answer = tokio::time::timeout(PATIENCE, lease.say(&begin)).await.map_err(|_| TOO_LATE)?;
            match answer {
                Ok(()) => return Ok(Transaction(Inner::Leased(lease))),
                Err(error) if is_disconnection(&error) => {
                    // The server went away while they waited, and all that waited with it: nothing was begun.
                    self.idle().clear();
                    drop(lease.connection.take());
                    if is_fresh {
                        return Err(of_execution(error));
                    }
                    permit = lease.permit.take();
                }
                Err(error) => return Err(of_execution(error)),
            }
        }
    }

    async fn open(&self) -> Result<Connection, DbErr> {
        let opened = tokio::time::timeout(PATIENCE, self.options.connect()).await.map_err(|_| TOO_LATE)?;
        let mut socket = opened.map_err(of_connection)?;
        // Whoever hangs up while a turn is waited for is found out by the server, which else would take the turn for
        // nobody. Before version 14, and on some systems, it cannot look.
        match socket.execute("set client_connection_check_interval = '1s'").await {
            Ok(_) => {}
            Err(sqlx::Error::Database(error)) => tracing::debug!(%error, "a writer that is hung up waits on"),
            Err(error) => return Err(of_connection(error)),
        }
        Ok(Connection { socket, opened: Instant::now() })
    }

    /// Takes one back that has nothing begun, unless it has grown old: the server remembers much for it.
    fn take_back(&self, connection: Connection) {
        if connection.opened.elapsed() < OLDEST {
            self.idle().push(connection);
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A transaction. Dropped before it was committed, it leaves nothing behind.
#[derive(Debug)]
pub struct Transaction(Inner);

#[derive(Debug)]
enum Inner {
    Mapped(DatabaseTransaction),
    Leased(Lease),
}

/// A connection with a transaction in it.
#[derive(Debug)]
struct Lease {
    /// None once it has ended.
    connection: Option<Mutex<Connection>>,
    /// Whether a statement was begun and not seen to its end, or the connection is of no use any more.
    is_working: AtomicBool,
    home: Arc<Writers>,
    permit: Option<OwnedSemaphorePermit>,
}

impl Transaction {
    pub(super) const fn mapped(transaction: DatabaseTransaction) -> Self {
        Self(Inner::Mapped(transaction))
    }

    /// Keeps what was done.
    pub async fn commit(self) -> Result<(), DbErr> {
        match self.0 {
            Inner::Mapped(transaction) => transaction.commit().await,
            Inner::Leased(mut lease) => {
                let mut connection = lease.take()?;
                connection.socket.execute("commit").await.map_err(of_execution)?;
                lease.home.take_back(connection);
                Ok(())
            }
        }
    }
}

impl Lease {
    fn take(&mut self) -> Result<Connection, DbErr> {
        self.connection.take().map(Mutex::into_inner).ok_or(ENDED)
    }

    /// Says something that is not asked to be prepared.
    async fn say(&self, sql: &str) -> sqlx::Result<()> {
        let mut working = self.work().await.map_err(|_| sqlx::Error::PoolClosed)?;
        let answer = working.connection.socket.execute(AssertSqlSafe(sql.to_owned())).await;
        working.ended(answer).map(drop)
    }

    async fn work(&self) -> Result<Working<'_>, DbErr> {
        let connection = self.connection.as_ref().ok_or(ENDED)?.lock().await;
        self.is_working.store(true, Ordering::Relaxed);
        Ok(Working { connection, is_working: &self.is_working })
    }
}

const ENDED: DbErr = DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed);
const TOO_LATE: DbErr = DbErr::ConnectionAcquire(ConnAcquireErr::Timeout);
/// SQLSTATE of what PostgreSQL does not do: that a statement which it has prepared gives other columns now is among it.
const NOT_SUPPORTED: &str = "0A000";

impl Drop for Lease {
    /// Rolls back behind whoever drops it, and gives the connection back; one that was left in the middle of a
    /// statement is closed.
    fn drop(&mut self) {
        let (Some(connection), Ok(runtime)) = (self.connection.take(), tokio::runtime::Handle::try_current()) else {
            return;
        };
        let (home, permit) = (self.home.clone(), self.permit.take());
        let was_working = self.is_working.load(Ordering::Relaxed);
        runtime.spawn(async move {
            let mut connection = connection.into_inner();
            let rolled_back = tokio::time::timeout(ROLLBACK, connection.socket.execute("rollback")).await;
            if matches!(rolled_back, Ok(Ok(_))) && !was_working {
                home.take_back(connection);
            }
            drop(permit);
        });
    }
}

/// A connection that is asked something.
struct Working<'a> {
    connection: MutexGuard<'a, Connection>,
    is_working: &'a AtomicBool,
}

impl Working<'_> {
    /// It has answered. A connection whose prepared statements have gone stale is not given to anybody else.
    fn ended<T>(self, answer: sqlx::Result<T>) -> sqlx::Result<T> {
        let error = answer.as_ref().err().and_then(sqlx::Error::as_database_error);
        let is_stale = error.and_then(sqlx::error::DatabaseError::code).is_some_and(|code| code == NOT_SUPPORTED);
        self.is_working.store(is_stale, Ordering::Relaxed);
        answer
    }
}

#[async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        match &self.0 {
            Inner::Mapped(transaction) => transaction.get_database_backend(),
            Inner::Leased(_) => DbBackend::Postgres,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match &self.0 {
            Inner::Mapped(transaction) => transaction.execute_raw(statement).await,
            Inner::Leased(lease) => {
                let mut working = lease.work().await?;
                let answer = prepared(statement).execute(&mut working.connection.socket).await;
                working.ended(answer).map(ExecResult::from).map_err(of_execution)
            }
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match &self.0 {
            Inner::Mapped(transaction) => transaction.execute_unprepared(sql).await,
            Inner::Leased(lease) => {
                let mut working = lease.work().await?;
                let answer = working.connection.socket.execute(AssertSqlSafe(sql.to_owned())).await;
                working.ended(answer).map(ExecResult::from).map_err(of_execution)
            }
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match &self.0 {
            Inner::Mapped(transaction) => transaction.query_one_raw(statement).await,
            Inner::Leased(lease) => {
                let mut working = lease.work().await?;
                let answer = prepared(statement).fetch_optional(&mut working.connection.socket).await;
                working.ended(answer).map(|row| row.map(QueryResult::from)).map_err(of_question)
            }
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match &self.0 {
            Inner::Mapped(transaction) => transaction.query_all_raw(statement).await,
            Inner::Leased(lease) => {
                let mut working = lease.work().await?;
                let answer = prepared(statement).fetch_all(&mut working.connection.socket).await;
                let rows = working.ended(answer).map_err(of_question)?;
                Ok(rows.into_iter().map(QueryResult::from).collect())
            }
        }
    }
}

fn prepared(statement: Statement) -> Query<'static, Postgres, SqlxValues> {
    let is_kept = statement.sql.len() <= LONGEST_KEPT;
    let values = SqlxValues(statement.values.unwrap_or(Values(Vec::new())));
    sqlx::query_with(AssertSqlSafe(statement.sql), values).persistent(is_kept)
}

fn of_connection(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(error.into()))
}

fn of_execution(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(error.into()))
}

fn of_question(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}
