//! CPU time, of a server's threads and of PostgreSQL's backends, in nanoseconds, as Linux accounts it. The benches in the
//! process use it by its path.

use std::{collections::BTreeMap, fs, path::Path, time::Duration};

use sqlx::{PgConnection, Row as _};

use crate::Result;

/// Whose CPU is read.
#[derive(Clone, Copy, Debug)]
pub struct Whose<'a> {
    /// The process, if it is one of its own: all its threads. Else those of this one whose name begins as the server's.
    pub process: Option<u32>,
    /// The server's name: what its backends log in as, or where it is in this process, what they call themselves.
    pub name: &'a str,
}

/// CPU so far, by thread or process.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    server: BTreeMap<u32, u64>,
    database: BTreeMap<u32, u64>,
}

/// What was spent between two readings.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    /// By the server's threads (on SQLite the engine runs in them).
    pub server: Duration,
    /// By PostgreSQL's backends that serve it.
    pub database: Duration,
}

impl Reading {
    /// Of a server, and of its backends where there is a connection to ask for them.
    pub async fn of(whose: Whose<'_>, admin: Option<&mut PgConnection>) -> Result<Self> {
        // What has just answered is given the time to fall asleep: a running thread is accounted by the tick only.
        tokio::time::sleep(Duration::from_millis(10)).await;
        let (process, thread, column) = match whose.process {
            Some(number) => (number.to_string(), "", "usename"),
            None => ("self".to_owned(), whose.name, "application_name"),
        };
        let mut reading = Self::default();
        for entry in fs::read_dir(format!("/proc/{process}/task"))? {
            let path = entry?.path();
            let is_its = fs::read_to_string(path.join("comm")).is_ok_and(|name| name.starts_with(thread));
            // A thread may have ended since.
            if let Some(spent) = is_its.then(|| nanoseconds(&path.join("schedstat"))).and_then(Result::ok) {
                let id = path.file_name().and_then(|id| id.to_str()).unwrap_or_default().parse()?;
                reading.server.insert(id, spent);
            }
        }
        if let Some(admin) = admin {
            let query =
                format!("select pid from pg_stat_activity where datname = current_database() and {column} = $1");
            for row in sqlx::query(sqlx::AssertSqlSafe(query)).bind(whose.name).fetch_all(admin).await? {
                let id: i32 = row.try_get(0)?;
                let path = format!("/proc/{id}");
                if !fs::read_to_string(format!("{path}/comm")).is_ok_and(|name| name.starts_with("postgres")) {
                    return Err("PostgreSQL does not run on this machine: its CPU cannot be read".into());
                }
                reading.database.insert(u32::try_from(id)?, nanoseconds(Path::new(&format!("{path}/schedstat")))?);
            }
        }
        Ok(reading)
    }

    /// What was spent since an earlier reading.
    pub fn since(&self, earlier: &Self) -> Spent {
        let sum = |now: &BTreeMap<u32, u64>, then: &BTreeMap<u32, u64>| {
            let spent = now.iter().map(|(id, time)| time.saturating_sub(then.get(id).copied().unwrap_or(0)));
            Duration::from_nanos(spent.sum())
        };
        Spent { server: sum(&self.server, &earlier.server), database: sum(&self.database, &earlier.database) }
    }
}

impl Spent {
    /// Both, in microseconds for each of so many requests: server, database.
    pub fn each(&self, requests: u32) -> (f64, f64) {
        let each = |spent: Duration| spent.as_secs_f64() * 1e6 / f64::from(requests.max(1));
        (each(self.server), each(self.database))
    }
}

/// The first number of `schedstat`: time on a processor (kernel documentation, sched-stats).
fn nanoseconds(path: &Path) -> Result<u64> {
    let text = fs::read_to_string(path)?;
    Ok(text.split_whitespace().next().unwrap_or_default().parse()?)
}
