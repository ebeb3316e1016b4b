//! A failure of the database, as the log may tell it.
//!
//! Servers quote values in what they say: the row that a constraint refused, the text that is no number. Their codes and
//! the names of what was concerned are told; their sentences are not.

use std::{error::Error as StdError, fmt};

/// What failed, without a value. Its debug form is its display form.
pub struct Fault {
    says: String,
    /// Whether a lock was waited for in vain.
    busy: bool,
}

impl Fault {
    fn new(says: impl Into<String>) -> Self {
        Self { says: says.into(), busy: false }
    }

    /// Whether it was busy: somebody else held a lock for too long.
    pub const fn is_busy(&self) -> bool {
        self.busy
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.says)
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.says)
    }
}

impl StdError for Fault {}

impl From<&sqlx::Error> for Fault {
    fn from(error: &sqlx::Error) -> Self {
        let sqlx::Error::Database(error) = error else { return Self::new(of_the_way(error)) };
        let mut told = format!("the database refused: code {}", error.code().as_deref().unwrap_or("unknown"));
        for (what, name) in [("constraint", error.constraint()), ("table", error.table())] {
            told.extend(name.map(|name| format!(", {what} {name}")));
        }
        if let Some(postgres) = error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
            let places = [("column", postgres.column()), ("routine", postgres.routine())];
            told.extend(places.into_iter().filter_map(|(what, name)| Some(format!(", {what} {}", name?))));
        }
        Self { says: told, busy: error.code().is_some_and(|code| is_of_a_lock(&code)) }
    }
}

/// SQLSTATE 55P03 (lock_not_available); SQLITE_BUSY (5) and its extended codes.
fn is_of_a_lock(code: &str) -> bool {
    code == "55P03" || (code.len() < 5 && code.parse::<u32>().is_ok_and(|code| code & 0xff == 5))
}

/// What is no word of the server's: of sockets, pools and types. A value that does not fit a column's type is not quoted
/// by the driver, but its words for that are not ours to vouch for.
fn of_the_way(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Io(error) => format!("the database cannot be reached: {error}"),
        sqlx::Error::Tls(_) => "the database cannot be reached: TLS".to_owned(),
        sqlx::Error::PoolTimedOut => "no connection to the database was free in time".to_owned(),
        sqlx::Error::PoolClosed => "the connections to the database are closed".to_owned(),
        sqlx::Error::Protocol(_) => "the database broke the protocol".to_owned(),
        sqlx::Error::RowNotFound => "a row that must be there is not".to_owned(),
        sqlx::Error::ColumnNotFound(name) => format!("no column {name}"),
        sqlx::Error::ColumnDecode { index, .. } => format!("column {index} is of another type"),
        _ => "the driver failed".to_owned(),
    }
}

impl From<&sea_orm::DbErr> for Fault {
    fn from(error: &sea_orm::DbErr) -> Self {
        use sea_orm::{DbErr, RuntimeErr};
        match error {
            DbErr::Conn(RuntimeErr::SqlxError(error))
            | DbErr::Exec(RuntimeErr::SqlxError(error))
            | DbErr::Query(RuntimeErr::SqlxError(error)) => Self::from(error.as_ref()),
            DbErr::ConnectionAcquire(_) => Self::new("no connection to the database was free in time".to_owned()),
            DbErr::RecordNotFound(_) | DbErr::RecordNotInserted | DbErr::RecordNotUpdated => {
                Self::new("a row that must be there is not".to_owned())
            }
            // Ours: a migration's words, and those of a closure that failed.
            DbErr::Migration(words) => Self::new(format!("migration: {words}")),
            DbErr::Custom(words) => Self::new(words.clone()),
            _ => Self::new("the mapper failed".to_owned()),
        }
    }
}
