//! Connections, leased, each with its prepared statements.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use chancery::{access::Role, store::Address};
use chancery_bench::{Result, database, gate::Principal};
use sqlx::{AssertSqlSafe, Connection as _, Row as _, SqliteConnection};
use tokio::sync::Semaphore;
use tokio_postgres::{
    Client, NoTls, Statement,
    types::{ToSql, Type},
};

use crate::sql::{self, Steps};

/// Which statement: the operation, the role, and on SQLite, which has no lateral joins, the number of keys.
type Name = (String, Role, usize);

enum Lane {
    Postgres(Client, HashMap<Name, Option<Statement>>),
    Sqlite(SqliteConnection),
}

/// How a command begins.
const BEGIN: &str = "begin; select pg_advisory_xact_lock(hashtext('chancery.visibility'))";

/// All connections.
pub struct Lanes {
    secret: Vec<u8>,
    url: String,
    address: Address,
    permits: Semaphore,
    idle: Mutex<Vec<Lane>>,
    texts: Mutex<HashMap<Name, Option<Arc<str>>>>,
}

impl Lanes {
    /// At most so many, each opened when it is first needed.
    pub async fn open(url: &str, address: &Address, most: usize) -> Result<Self> {
        let secret = database::text(address, "select value from secret where name = 'pseudonym'").await?;
        let secret = data_encoding::HEXLOWER.decode(secret.as_bytes())?;
        let (permits, url, address) = (Semaphore::new(most), url.to_owned(), address.clone());
        Ok(Self { secret, url, address, permits, idle: Mutex::default(), texts: Mutex::default() })
    }

    /// The answer's body; nothing for an operation that the role does not have.
    pub async fn answer(
        &self,
        operation: &str,
        principal: &Principal,
        now: String,
        values: Vec<String>,
    ) -> Result<Option<String>> {
        if !sql::writes(operation) {
            return self.ask(operation, principal, now, values).await;
        }
        // A reference that is drawn may be taken: then another one is drawn.
        match self.ask(operation, principal, now.clone(), values.clone()).await {
            Err(error)
                if error.to_string().contains("concern_reference_key")
                    || error.to_string().contains("concern.reference") =>
            {
                self.ask(operation, principal, now, values).await
            }
            outcome => outcome,
        }
    }

    async fn ask(
        &self,
        operation: &str,
        principal: &Principal,
        now: String,
        values: Vec<String>,
    ) -> Result<Option<String>> {
        let values = sql::values(operation, principal, &now, values, &self.secret)?;
        let _permit = self.permits.acquire().await?;
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut lane = match idle {
            Some(lane) => lane,
            None => self.connect().await?,
        };
        let answer = match &mut lane {
            Lane::Postgres(client, prepared) => {
                let name = (operation.to_owned(), principal.role, 0);
                let statement = if let Some(known) = prepared.get(&name) {
                    known.clone()
                } else {
                    let statement = self.prepare(client, &name, values.len()).await?;
                    prepared.entry(name).or_insert(statement).clone()
                };
                let Some(statement) = statement else { return Ok(None) };
                let own = own(principal);
                let mut parameters: Vec<&(dyn ToSql + Sync)> = vec![&principal.keys, &now, &own];
                parameters.extend(values.iter().map(|value| value as &(dyn ToSql + Sync)));
                let row = if sql::writes(operation) {
                    // One round trip: the three are sent one after the other and answered together. The statement sees what
                    // whoever had the lock before has committed.
                    let opening = client.batch_execute(BEGIN);
                    let (begun, row, committed) = tokio::join!(
                        opening,
                        client.query_opt(&statement, &parameters),
                        client.batch_execute("commit")
                    );
                    begun?;
                    committed?;
                    row.map_err(told)?.ok_or("there is nothing to write on")?
                } else {
                    client.query_one(&statement, &parameters).await?
                };
                row.try_get::<_, String>(0)?
            }
            Lane::Sqlite(connection) if sql::writes(operation) => {
                let steps = sql::steps(operation, principal.role);
                let Some(steps) = steps else { return Ok(None) };
                self.perform(connection, &steps, principal, &now, values).await?
            }
            Lane::Sqlite(connection) => {
                let name = (operation.to_owned(), principal.role, principal.keys.len());
                let Some(text) = self.text(&name) else { return Ok(None) };
                let keys = serde_json::to_string(&principal.keys)?;
                let own = serde_json::to_string(&own(principal))?;
                let mut query = sqlx::query(AssertSqlSafe(text)).bind(keys).bind(now).bind(own);
                for value in values {
                    query = query.bind(value);
                }
                query.fetch_one(connection).await?.try_get::<String, _>(0)?
            }
        };
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(lane);
        Ok(Some(answer))
    }

    /// A command on SQLite. On any error the lane is not put back, and its transaction is gone with it.
    async fn perform(
        &self,
        connection: &mut SqliteConnection,
        steps: &Steps,
        principal: &Principal,
        now: &str,
        mut values: Vec<String>,
    ) -> Result<String> {
        let keys = serde_json::to_string(&principal.keys)?;
        let own = serde_json::to_string(&own(principal))?;
        sqlx::query("begin immediate").execute(&mut *connection).await?;
        let bound = |sql: &str, values: &[String]| {
            let mut query =
                sqlx::query(AssertSqlSafe(sql.to_owned())).bind(keys.clone()).bind(now.to_owned()).bind(own.clone());
            for value in values {
                query = query.bind(value.clone());
            }
            query
        };
        let allowed = bound(&steps.allowed, &values).fetch_optional(&mut *connection).await?;
        let answer: String = allowed.ok_or("there is nothing to write on")?.try_get(0)?;
        let last = sqlx::query(sql::LAST).fetch_optional(&mut *connection).await?;
        let (sequence, previous): (i64, String) = match last {
            Some(row) => (row.try_get(0)?, row.try_get(1)?),
            None => (0, "0".repeat(64)),
        };
        let (objects, hash) = steps.hashed(now, &values, sequence + 1, &previous);
        values.resize(19, String::new());
        values.extend([(sequence + 1).to_string(), previous, hash, objects]);
        for sql in &steps.writes {
            bound(sql, &values).execute(&mut *connection).await?;
        }
        sqlx::query("commit").execute(&mut *connection).await?;
        Ok(answer)
    }

    /// With the parameters of every statement: keys, the present, the keys of an audience, then the operation's values.
    async fn prepare(&self, client: &Client, name: &Name, values: usize) -> Result<Option<Statement>> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let mut types = vec![Type::TEXT_ARRAY, Type::TEXT, Type::TEXT_ARRAY];
        types.extend(std::iter::repeat_n(Type::TEXT, values));
        Ok(Some(client.prepare_typed(&text, &types).await?))
    }

    fn text(&self, name: &Name) -> Option<Arc<str>> {
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = texts.get(name) {
            return known.clone();
        }
        let (operation, role, keys) = name;
        let text = sql::statement(operation, *role, self.address.engine(), *keys).map(Arc::from);
        texts.insert(name.clone(), text.clone());
        text
    }

    async fn connect(&self) -> Result<Lane> {
        if let Address::Sqlite(options) = &self.address {
            return Ok(Lane::Sqlite(SqliteConnection::connect_with(options).await?));
        }
        let mut config: tokio_postgres::Config = self.url.parse()?;
        // Each statement is written so that its one good plan does not depend on the values.
        config.application_name("floor").options("-c jit=off -c plan_cache_mode=force_generic_plan");
        let (client, connection) = config.connect(NoTls).await?;
        tokio::spawn(connection);
        Ok(Lane::Postgres(client, HashMap::new()))
    }
}

/// An error of PostgreSQL by what it broke; of itself it says that there was one.
fn told(error: tokio_postgres::Error) -> Box<dyn std::error::Error + Send + Sync> {
    let constraint = error.as_db_error().and_then(|error| error.constraint()).map(str::to_owned);
    constraint.map_or_else(|| error.into(), Into::into)
}

/// The keys by which children of a row are for somebody: without circles, as children are not marked.
fn own(principal: &Principal) -> Vec<&str> {
    let is_own =
        |key: &&str| !key.contains('/') && ["a:", "m:", "o:", "p:", "i:dss"].iter().any(|kind| key.starts_with(kind));
    principal.keys.iter().map(String::as_str).filter(is_own).collect()
}
