//! CPU time, of a server's threads and of PostgreSQL's backends, in nanoseconds, as Linux accounts it.

use std::{collections::BTreeMap, fs, path::Path, time::Duration};

use chancery_bench::Result;
use sqlx::{PgConnection, Row as _};

/// CPU so far, by thread or process.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    server: BTreeMap<u32, u64>,
    database: BTreeMap<u32, u64>,
}

/// What was spent between two readings, in microseconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    /// By the server's threads (on SQLite the engine runs in them).
    pub server: f64,
    /// By PostgreSQL's backends that serve it.
    pub database: f64,
}

impl Reading {
    /// Of a process, and of the backends of its login.
    pub async fn of(pid: u32, login: &str, admin: Option<&mut PgConnection>) -> Result<Self> {
        // What has just answered is given the time to fall asleep: a running thread is accounted by the tick only.
        tokio::time::sleep(Duration::from_millis(10)).await;
        let mut reading = Self::default();
        for entry in fs::read_dir(format!("/proc/{pid}/task"))? {
            let path = entry?.path();
            let id = path.file_name().and_then(|id| id.to_str()).unwrap_or_default().parse()?;
            // A thread may have ended since.
            if let Ok(spent) = nanoseconds(&path.join("schedstat")) {
                reading.server.insert(id, spent);
            }
        }
        if let Some(admin) = admin {
            let query = "select pid from pg_stat_activity where datname = current_database() and usename = $1";
            for row in sqlx::query(query).bind(login).fetch_all(admin).await? {
                let id: i32 = row.try_get(0)?;
                let spent = nanoseconds(Path::new(&format!("/proc/{id}/schedstat")))?;
                reading.database.insert(u32::try_from(id)?, spent);
            }
        }
        Ok(reading)
    }

    /// What was spent since an earlier reading.
    pub fn since(&self, earlier: &Self) -> Spent {
        let sum = |now: &BTreeMap<u32, u64>, then: &BTreeMap<u32, u64>| {
            let spent = now.iter().map(|(id, time)| time.saturating_sub(then.get(id).copied().unwrap_or(0)));
            Duration::from_nanos(spent.sum()).as_secs_f64() * 1e6
        };
        Spent { server: sum(&self.server, &earlier.server), database: sum(&self.database, &earlier.database) }
    }
}

/// The first number of `schedstat`: time on a processor (kernel documentation, sched-stats).
fn nanoseconds(path: &Path) -> Result<u64> {
    let text = fs::read_to_string(path)?;
    Ok(text.split_whitespace().next().unwrap_or_default().parse()?)
}
