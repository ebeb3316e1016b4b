//! Connections for reading, leased by us.
//!
//! A lane is a connection outside any pool: no ping at release, a statement cache large enough for the plans. A lane
//! whose statement failed or was cancelled half-way is thrown away, never reused; what it was doing is ended in the
//! database too, or a slow question would go on long after nobody waits for it.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _,
    postgres::{PgArguments, PgConnection},
    query::Query,
    sqlite::{SqliteArguments, SqliteConnection},
};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::bind::{self, Parameter};
use crate::{
    error::{Error, Result},
    store::{Address, is_disconnection},
    telemetry::metrics,
};

/// Prepared statements that a lane keeps.
const STATEMENTS: usize = 500;
/// Bytes of the longest statement that a lane keeps prepared: a prepared one takes some five times its text in
/// SQLite, more in PostgreSQL's server, and whoever asks may vary a long one without end.
const LONGEST_KEPT: usize = 16 * 1024;

/// Steps of SQLite's machine between two looks at whether to stop: some tens of microseconds.
const STEPS: i32 = 10_000;
/// By how much PostgreSQL's own limit is later than ours, so that the client is told of ours.
const GRACE: Duration = Duration::from_millis(250);

enum Lane {
    // In this order: the statement is told to stop before its connection closes.
    Sqlite { _stop: Stop, connection: SqliteConnection },
    Postgres(PgConnection),
}

/// Ends a statement of SQLite when nobody waits for it any more: SQLite works in a thread of its own, which goes on
/// when the future that asked is dropped.
struct Stop(Arc<AtomicBool>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The reading connections.
pub struct Lanes {
    address: Address,
    limit: Duration,
    /// The database role that PostgreSQL's lanes work as, if not the login's own.
    role: Option<String>,
    permits: Semaphore,
    idle: Mutex<Vec<Lane>>,
    statements: AtomicU64,
    /// Whether no lane is kept any more.
    is_retired: AtomicBool,
}

impl std::fmt::Debug for Lanes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lanes").field("free", &self.permits.available_permits()).finish_non_exhaustive()
    }
}

/// The one row that every statement returns: the version of standing, then JSON texts.
#[derive(Debug)]
pub struct Answer {
    /// The version of standing that the statement saw.
    pub standing_version: i64,
    /// The root fields, null where there is nothing.
    pub columns: Vec<Option<String>>,
}

impl Lanes {
    /// At most so many at once; each is opened when it is first needed. PostgreSQL itself stops a statement that
    /// takes longer than the limit, so that nothing runs on for a client that has gone.
    pub fn new(address: Address, most: usize, limit: Duration) -> Self {
        Self {
            address,
            limit,
            role: None,
            permits: Semaphore::new(most.max(1)),
            idle: Mutex::new(Vec::new()),
            statements: AtomicU64::new(0),
            is_retired: AtomicBool::new(false),
        }
    }

    /// The same, working as a database role with fewer rights than the login.
    pub fn working_as(self, role: &str) -> Self {
        Self { role: Some(role.to_owned()), ..self }
    }

    /// Statements run so far: tests count with it.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Waits for a lane to be free.
    pub async fn permit(&self) -> Result<SemaphorePermit<'_>> {
        if let Ok(permit) = self.permits.try_acquire() {
            return Ok(permit);
        }
        let since = Instant::now();
        let permit = self.permits.acquire().await.map_err(Error::internal)?;
        metrics::waited(since.elapsed());
        Ok(permit)
    }

    /// Runs a statement that returns one row.
    pub async fn ask(&self, _permit: SemaphorePermit<'_>, sql: &Arc<str>, parameters: &[Parameter]) -> Result<Answer> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(lane) = idle {
            match self.ask_on(lane, sql, parameters).await {
                // The server was restarted while the lane was idle: reading again is safe.
                Err(error) if is_disconnection(&error) => self.forget_idle(),
                answer => return Ok(answer?),
            }
        }
        let lane = self.open().await?;
        Ok(self.ask_on(lane, sql, parameters).await?)
    }

    /// When this future is dropped half-way the lane is dropped with it; it comes back only after its answer.
    async fn ask_on(&self, mut lane: Lane, sql: &Arc<str>, parameters: &[Parameter]) -> sqlx::Result<Answer> {
        let answer = match &mut lane {
            Lane::Postgres(connection) => postgres(connection, sql, parameters).await,
            Lane::Sqlite { connection, .. } => sqlite(connection, sql, parameters).await,
        }?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.is_retired.load(Ordering::Relaxed) {
            idle.push(lane);
        }
        Ok(answer)
    }

    /// Keeps no lane from now on: what is asked yet is asked on a lane of its own.
    pub fn retire(&self) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        // Under the lock: none comes back after it.
        self.is_retired.store(true, Ordering::Relaxed);
        idle.clear();
    }

    /// What was idle while the server went away is gone with it.
    fn forget_idle(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    async fn open(&self) -> Result<Lane> {
        Ok(match &self.address {
            Address::Sqlite(options) => {
                let options = options.clone().statement_cache_capacity(STATEMENTS).pragma("query_only", "1");
                let mut connection = SqliteConnection::connect_with(&options.disable_statement_logging()).await?;
                let stop = Arc::new(AtomicBool::new(false));
                let stopped = stop.clone();
                let goes_on = move || !stopped.load(Ordering::Relaxed);
                connection.lock_handle().await?.set_progress_handler(STEPS, goes_on);
                Lane::Sqlite { _stop: Stop(stop), connection }
            }
            Address::Postgres(options) => {
                let options = options
                    .clone()
                    .statement_cache_capacity(STATEMENTS)
                    .options([("default_transaction_read_only", "on"), ("timezone", "UTC"), ("jit", "off")])
                    .options([("statement_timeout", (self.limit + GRACE).as_millis().to_string())]);
                // A statement is planned once, for whoever asks and whatever for: planning takes as long as many a
                // question, and neither how long nor which way tells of anybody's rows.
                let options = options.options([("plan_cache_mode", "force_generic_plan")]);
                let options = match &self.role {
                    // From its first moment, and what a reset of the connection would go back to.
                    Some(role) => options.options([("role", role.as_str())]),
                    None => options,
                };
                let mut connection = PgConnection::connect_with(&options.disable_statement_logging()).await?;
                // Whoever hangs up drops the lane: PostgreSQL looks for that while it works, and stops. Before version
                // 14, and on some systems, it cannot; the time-out remains.
                let looks = "set client_connection_check_interval = '1s'";
                match sqlx::raw_sql(looks).execute(&mut connection).await {
                    Ok(_) => {}
                    Err(sqlx::Error::Database(error)) => tracing::debug!(%error, "a lane that is hung up works on"),
                    Err(error) => return Err(error.into()),
                }
                Lane::Postgres(connection)
            }
        })
    }
}

async fn postgres(connection: &mut PgConnection, sql: &Arc<str>, parameters: &[Parameter]) -> sqlx::Result<Answer> {
    let mut query: Query<'_, sqlx::Postgres, PgArguments> =
        sqlx::query(AssertSqlSafe(sql.clone())).persistent(sql.len() <= LONGEST_KEPT);
    for parameter in parameters {
        query = match parameter {
            Parameter::Text(value) => query.bind(value.as_deref()),
            Parameter::Int(value) => query.bind(*value),
            Parameter::Float(value) => query.bind(*value),
            Parameter::Bool(value) => query.bind(*value),
            Parameter::Texts(values) => query.bind(values.as_slice()),
            Parameter::Keys(held, of) => query.bind(bind::keys(held, of.as_deref())),
            Parameter::Ints(values) => query.bind(values.as_slice()),
            Parameter::Floats(values) => query.bind(values.as_slice()),
        };
    }
    let row = query.fetch_one(connection).await?;
    let columns = (1..row.len()).map(|index| row.try_get(index)).collect::<std::result::Result<_, _>>()?;
    Ok(Answer { standing_version: row.try_get(0)?, columns })
}

async fn sqlite(connection: &mut SqliteConnection, sql: &Arc<str>, parameters: &[Parameter]) -> sqlx::Result<Answer> {
    let json = |values: serde_json::Value| values.to_string();
    let mut query: Query<'_, sqlx::Sqlite, SqliteArguments> =
        sqlx::query(AssertSqlSafe(sql.clone())).persistent(sql.len() <= LONGEST_KEPT);
    for parameter in parameters {
        query = match parameter {
            Parameter::Text(value) => query.bind(value.as_deref()),
            Parameter::Int(value) => query.bind(*value),
            Parameter::Float(value) => query.bind(*value),
            Parameter::Bool(value) => query.bind(*value),
            Parameter::Texts(values) => query.bind(json(values.as_slice().into())),
            Parameter::Keys(held, of) => query.bind(json(bind::keys(held, of.as_deref()).into())),
            Parameter::Ints(values) => query.bind(json(values.as_slice().into())),
            Parameter::Floats(values) => query.bind(json(values.as_slice().into())),
        };
    }
    let row = query.fetch_one(connection).await?;
    let columns = (1..row.len()).map(|index| row.try_get(index)).collect::<std::result::Result<_, _>>()?;
    Ok(Answer { standing_version: row.try_get(0)?, columns })
}
