//! CPU time, of threads of this process and of PostgreSQL's backends, in nanoseconds, as Linux accounts it.

use std::{collections::BTreeMap, fs, time::Duration};

use sqlx::{PgConnection, Row as _};

use crate::Result;

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
    /// The threads whose name starts with the server's, and the backends that its connections named themselves to.
    pub async fn of(server: &str, admin: Option<&mut PgConnection>) -> Result<Self> {
        // What has just answered is given the time to fall asleep: a running thread is accounted by the tick only.
        tokio::time::sleep(Duration::from_millis(5)).await;
        let mut reading = Self::default();
        for entry in fs::read_dir("/proc/self/task")? {
            let path = entry?.path();
            let name = fs::read_to_string(path.join("comm")).unwrap_or_default();
            if name.starts_with(server) {
                let id = path.file_name().and_then(|id| id.to_str()).unwrap_or_default().parse()?;
                reading.server.insert(id, nanoseconds(&path.join("schedstat"))?);
            }
        }
        if let Some(admin) = admin {
            let query = "select pid from pg_stat_activity where datname = current_database() and application_name = $1";
            for row in sqlx::query(query).bind(server).fetch_all(admin).await? {
                let id: i32 = row.try_get(0)?;
                let path = format!("/proc/{id}");
                if !fs::read_to_string(format!("{path}/comm")).is_ok_and(|name| name.starts_with("postgres")) {
                    return Err("PostgreSQL does not run on this machine: its CPU cannot be read".into());
                }
                reading.database.insert(u32::try_from(id)?, nanoseconds(format!("{path}/schedstat").as_ref())?);
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
fn nanoseconds(path: &std::path::Path) -> Result<u64> {
    let text = fs::read_to_string(path)?;
    Ok(text.split_whitespace().next().unwrap_or_default().parse()?)
}
