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
    time::Duration,
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
/// How long one of them is waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// Prepared statements that a connection keeps.
const STATEMENTS: usize = 500;
/// Bytes of the longest statement that is kept prepared.
const LONGEST_KEPT: usize = 16 * 1024;

/// The connections of writers to a PostgreSQL server.
#[derive(Debug)]
pub(super) struct Writers {
    options: PgConnectOptions,
    permits: Arc<Semaphore>,
    idle: Latch<Vec<PgConnection>>,
}

impl Writers {
    pub(super) fn new(options: PgConnectOptions) -> Self {
        let options = options.statement_cache_capacity(STATEMENTS);
        Self { options, permits: Arc::new(Semaphore::new(MOST)), idle: Latch::default() }
    }

    /// Begins with what is said first.
    pub(super) async fn begin(self: &Arc<Self>, first: &str) -> Result<Transaction, DbErr> {
        let permit = tokio::time::timeout(PATIENCE, self.permits.clone().acquire_owned()).await;
        let permit = permit.map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?;
        let permit = permit.map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))?;
        let begin = format!("begin isolation level read committed; {first}");
        let mut waiting = self.idle().pop();
        let connection = loop {
            let (mut connection, is_fresh) = match waiting.take() {
                Some(connection) => (connection, false),
                None => (self.options.connect().await.map_err(of_connection)?, true),
            };
            match connection.execute(AssertSqlSafe(begin.clone())).await {
                Ok(_) => break connection,
                // The server went away while they waited, and all that waited with it: nothing was begun.
                Err(error) if !is_fresh && is_disconnection(&error) => self.idle().clear(),
                Err(error) => return Err(of_execution(error)),
            }
        };
        let lease = Lease {
            connection: Some(Mutex::new(connection)),
            is_working: AtomicBool::new(false),
            home: self.clone(),
            permit: Some(permit),
        };
        Ok(Transaction(Inner::Leased(lease)))
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<PgConnection>> {
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
    connection: Option<Mutex<PgConnection>>,
    /// Whether a statement was begun and not seen to its end.
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
                connection.execute("commit").await.map_err(of_execution)?;
                lease.home.idle().push(connection);
                Ok(())
            }
        }
    }
}

impl Lease {
    fn take(&mut self) -> Result<PgConnection, DbErr> {
        self.connection.take().map(Mutex::into_inner).ok_or(ENDED)
    }

    async fn work(&self) -> Result<Working<'_>, DbErr> {
        let connection = self.connection.as_ref().ok_or(ENDED)?.lock().await;
        self.is_working.store(true, Ordering::Relaxed);
        Ok(Working { connection, is_working: &self.is_working })
    }
}

const ENDED: DbErr = DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed);

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
            if connection.execute("rollback").await.is_ok() && !was_working {
                home.idle().push(connection);
            }
            drop(permit);
        });
    }
}

/// A connection that is asked something.
struct Working<'a> {
    connection: MutexGuard<'a, PgConnection>,
    is_working: &'a AtomicBool,
}

impl Working<'_> {
    /// It has answered.
    fn ended<T>(self, answer: T) -> T {
        self.is_working.store(false, Ordering::Relaxed);
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
                let answer = prepared(statement).execute(&mut *working.connection).await;
                working.ended(answer).map(ExecResult::from).map_err(of_execution)
            }
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match &self.0 {
            Inner::Mapped(transaction) => transaction.execute_unprepared(sql).await,
            Inner::Leased(lease) => {
                let mut working = lease.work().await?;
                let answer = working.connection.execute(AssertSqlSafe(sql.to_owned())).await;
                working.ended(answer).map(ExecResult::from).map_err(of_execution)
            }
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match &self.0 {
            Inner::Mapped(transaction) => transaction.query_one_raw(statement).await,
            Inner::Leased(lease) => {
                let mut working = lease.work().await?;
                let answer = prepared(statement).fetch_optional(&mut *working.connection).await;
                working.ended(answer).map(|row| row.map(QueryResult::from)).map_err(of_question)
            }
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match &self.0 {
            Inner::Mapped(transaction) => transaction.query_all_raw(statement).await,
            Inner::Leased(lease) => {
                let mut working = lease.work().await?;
                let answer = prepared(statement).fetch_all(&mut *working.connection).await;
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
