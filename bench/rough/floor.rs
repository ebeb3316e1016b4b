//! The floor: what somebody would write who has these five questions to answer and no others. The same sockets and
//! router library, the same token check, the same driver with leased connections and prepared statements, one
//! statement by hand for each question and role, and its JSON passed through as text.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use chancery::{clock::Clock, identity::Registry, store::Address};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection};
use tokio::sync::Semaphore;

use crate::LANES;

/// A statement by hand. Its parameters: the question's own, then the principal's keys and the present if it asks
/// for them.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Its text.
    pub sql: Arc<str>,
    /// Whether it wants keys and present.
    pub scoped: bool,
}

/// By question and role.
pub type Statements = BTreeMap<(String, &'static str), Statement>;

enum Lane {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

struct Floor {
    gate: Registry,
    clock: Clock,
    statements: Statements,
    address: Address,
    permits: Semaphore,
    idle: Mutex<Vec<Lane>>,
}

/// The router of the floor.
pub fn router(gate: Registry, clock: Clock, address: Address, statements: Statements) -> Router {
    let permits = Semaphore::new(LANES);
    let floor = Floor { gate, clock, statements, address, permits, idle: Mutex::default() };
    Router::new().route("/{question}", post(handle)).with_state(Arc::new(floor))
}

async fn handle(
    State(floor): State<Arc<Floor>>,
    Path(question): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let lines = headers.get_all(header::AUTHORIZATION).iter().map(header::HeaderValue::as_bytes);
    let Ok(principal) = floor.gate.authenticate_header(lines).await else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let Some(statement) = floor.statements.get(&(question, principal.role().name())) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Ok(values) = serde_json::from_slice::<Vec<String>>(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let scope = statement.scoped.then(|| {
        let now = floor.clock.now_text();
        (principal.standing().keys(&now), now)
    });
    match floor.ask(&statement.sql, values, scope).await {
        Ok(json) => {
            let body = format!("{{\"data\":{json}}}");
            ([(header::CONTENT_TYPE, "application/json")], body).into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

impl Floor {
    async fn ask(
        &self,
        sql: &Arc<str>,
        values: Vec<String>,
        scope: Option<(Vec<String>, String)>,
    ) -> sqlx::Result<String> {
        let _permit = self.permits.acquire().await.map_err(|_| sqlx::Error::PoolClosed)?;
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut lane = match idle {
            Some(lane) => lane,
            None => self.open().await?,
        };
        let answer = match &mut lane {
            Lane::Postgres(connection) => {
                let mut query = sqlx::query(AssertSqlSafe(sql.clone()));
                for value in values {
                    query = query.bind(value);
                }
                if let Some((keys, now)) = scope {
                    query = query.bind(keys).bind(now);
                }
                query.fetch_one(connection).await?.try_get(0)?
            }
            Lane::Sqlite(connection) => {
                let mut query = sqlx::query(AssertSqlSafe(sql.clone()));
                for value in values {
                    query = query.bind(value);
                }
                if let Some((keys, now)) = scope {
                    query = query.bind(serde_json::Value::from(keys).to_string()).bind(now);
                }
                query.fetch_one(connection).await?.try_get(0)?
            }
        };
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(lane);
        Ok(answer)
    }

    async fn open(&self) -> sqlx::Result<Lane> {
        Ok(match &self.address {
            Address::Sqlite(options) => Lane::Sqlite(SqliteConnection::connect_with(options).await?),
            Address::Postgres(options) => {
                let options = options.clone().options([("jit", "off")]);
                Lane::Postgres(PgConnection::connect_with(&options).await?)
            }
        })
    }
}
