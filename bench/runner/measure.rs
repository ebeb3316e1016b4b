//! One cell: an operation of a role, asked of every server in turns.

use std::{collections::BTreeMap, time::Duration};

use chancery_bench::{
    Result,
    meter::{Reading, Whose},
    operations::Operation,
};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, Row as _};

use crate::{
    load::{How, Turn, turn},
    servers::{Server, Which},
};

/// What one turn of one server came to, a request.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Sample {
    /// CPU of the server, µs.
    pub server: f64,
    /// CPU of the database, µs.
    pub database: f64,
    /// Requests a second.
    pub rate: f64,
    /// Statements.
    pub statements: f64,
    /// Half of the requests took at most this, ms.
    pub p50: f64,
    /// All but one in a hundred.
    pub p99: f64,
}

impl Sample {
    /// CPU of both, µs.
    pub fn cpu(&self) -> f64 {
        self.server + self.database
    }
}

/// All turns of a cell, by the servers' names.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cell {
    /// The operation.
    pub operation: String,
    /// The role.
    pub role: String,
    /// `steady` or `heavy`.
    pub weight: String,
    /// By server, one after the other.
    pub turns: BTreeMap<String, Vec<Sample>>,
}

impl Cell {
    /// The median of something over a server's turns.
    pub fn median(&self, server: &str, of: impl Fn(&Sample) -> f64) -> Option<f64> {
        median(self.turns.get(server)?.iter().map(of).collect())
    }

    /// The median of the ratio of something, turn by turn, to the floor's.
    pub fn ratio(&self, server: &str, of: impl Fn(&Sample) -> f64) -> Option<f64> {
        let (turns, floor) = (self.turns.get(server)?, self.turns.get("floor")?);
        median(turns.iter().zip(floor).map(|(turn, floor)| of(turn) / of(floor)).collect())
    }
}

/// The middle one.
pub fn median(mut values: Vec<f64>) -> Option<f64> {
    values.retain(|value| value.is_finite());
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// How a cell is asked.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// Connections to each server.
    pub connections: usize,
    /// Turns of each server.
    pub repetitions: usize,
    /// How long a turn is.
    pub turn: Duration,
}

/// The requests for a server: for a turn, and which one it is (0 is the warm-up).
pub type Requests<'a> = &'a dyn Fn(&Server, usize) -> Vec<Vec<u8>>;

/// Asks all servers in turns. What reads goes round its requests for a while; what writes is asked once each.
pub async fn cell(
    servers: &[&Server],
    operation: &Operation,
    requests: Requests<'_>,
    way: Way,
    admin: &mut Option<PgConnection>,
) -> Result<BTreeMap<String, Vec<Sample>>> {
    let how = if operation.writes { How::Each } else { How::For(way.turn) };
    let mut answering = Vec::new();
    for server in servers {
        match turn(server.address, &requests(server, 0), way.connections, how).await {
            Ok(_) => answering.push(*server),
            Err(error) => given_up(server, operation, error, admin).await?,
        }
    }
    let servers = answering;
    let mut turns: BTreeMap<String, Vec<Sample>> = BTreeMap::new();
    for repetition in 0..way.repetitions {
        // Whoever was first is last in the next round.
        for place in 0..servers.len() {
            let Some(server) = servers.get((place + repetition) % servers.len()) else { continue };
            let name = server.which.name();
            if turns.get(name).map_or(0, Vec::len) < repetition {
                continue;
            }
            match once(server, &requests(server, repetition + 1), way.connections, how, admin).await {
                Ok(sample) => turns.entry(name.to_owned()).or_default().push(sample),
                Err(error) => given_up(server, operation, error, admin).await?,
            }
        }
    }
    // Who gave up on the way has no numbers.
    turns.retain(|_, samples| samples.len() == way.repetitions);
    Ok(turns)
}

/// A server may give up before it has answered everybody: the cell says so, the others are measured. Whatever it asked of the
/// database is ended there, or the next turn would pay for it. Without the floor there is nothing to compare with.
async fn given_up(
    server: &Server,
    operation: &Operation,
    error: Box<dyn std::error::Error + Send + Sync>,
    admin: &mut Option<PgConnection>,
) -> Result<()> {
    if server.which == Which::Floor {
        return Err(error);
    }
    eprintln!("{} {}: {error}", server.which.name(), operation.name);
    let end = "select pg_cancel_backend(pid) from pg_stat_activity where usename = $1 and state = 'active'";
    if let Some(admin) = admin {
        sqlx::query(end).bind(server.which.name()).execute(admin).await?;
    }
    Ok(())
}

async fn once(
    server: &Server,
    requests: &[Vec<u8>],
    connections: usize,
    how: How,
    admin: &mut Option<PgConnection>,
) -> Result<Sample> {
    let name = server.which.name();
    let statements = statements(name, admin).await?;
    let whose = Whose { process: Some(server.pid), name };
    let before = Reading::of(whose, admin.as_mut()).await?;
    let Turn { mut took, lasted } = turn(server.address, requests, connections, how).await?;
    let spent = Reading::of(whose, admin.as_mut()).await?.since(&before);
    let statements = self::statements(name, admin).await? - statements;
    took.sort_unstable();
    let requests = u32::try_from(took.len())?;
    let (asked, (server, database)) = (f64::from(requests), spent.each(requests));
    let at = |percent: usize| {
        took.get((took.len() * percent / 100).min(took.len().saturating_sub(1))).map_or(0.0, |t| t.as_secs_f64() * 1e3)
    };
    Ok(Sample {
        server,
        database,
        rate: asked / lasted.as_secs_f64(),
        statements: statements / asked,
        p50: at(50),
        p99: at(99),
    })
}

/// Statements of a server so far, as PostgreSQL counts them.
async fn statements(login: &str, admin: &mut Option<PgConnection>) -> Result<f64> {
    let Some(admin) = admin else { return Ok(0.0) };
    let sql = "select coalesce(sum(calls), 0)::float8 from pg_stat_statements where userid = (select oid from pg_roles where rolname = $1)";
    Ok(sqlx::query(sql).bind(login).fetch_one(admin).await?.try_get(0)?)
}
