//! A fresh database with the demo in it, its concerns copied until lists are worth paging.

use std::path::PathBuf;

use chancery::{
    access::Role,
    cli::token::{self, Mint},
    clock::Clock,
    demo,
    desk::{response, search, visibility},
    store::{Address, Engine, Store},
};
use sea_orm::ConnectionTrait as _;
use sqlx::{Connection as _, PgConnection, postgres::PgConnectOptions};
use tempfile::TempDir;

use crate::Result;

/// Each concern of the demo so many times.
const COPIES: usize = 20;

/// The columns of a concern that its copies share.
const CONCERN: &str = "kind, category, nibrs_code, severity, status, mission_id, premises_id, title, narrative, occurred_at, latitude, longitude, origin_agency_id, origin_mission_id, reporter_id, reporter_pseudonym, subjects, owner_id, incident_area, tlp, cui, changes, handovers, duplicate_of_id";
/// The columns of an entry that its copies share.
const ENTRY: &str = "kind, author_id, audience, tlp, body, at, to_status, to_severity";

/// A database to ask.
pub struct World {
    /// Its rows.
    pub store: Store,
    /// The present.
    pub clock: Clock,
    directory: TempDir,
    admin: Option<(PgConnectOptions, String)>,
}

impl World {
    /// Makes it. On PostgreSQL beside the database that the URL names, on the same server.
    pub async fn new(engine: Engine, url: Option<&str>) -> Result<Self> {
        let directory = TempDir::new()?;
        let (address, admin) = match (engine, url) {
            (Engine::Postgres, Some(url)) => {
                let admin: PgConnectOptions = url.parse()?;
                let name = format!("chancery_bench_{}", std::process::id());
                run(&admin, format!("create database {name}")).await?;
                (Address::Postgres(admin.clone().database(&name).application_name("seed")), Some((admin, name)))
            }
            (Engine::Postgres, None) => return Err("no URL of a PostgreSQL server".into()),
            (Engine::Sqlite, _) => (Address::file(directory.path().join("bench.sqlite")), None),
        };
        let store = Store::open(address).await?;
        let world = Self { store, clock: Clock::system(), directory, admin };
        if let Err(error) = world.fill().await {
            world.remove().await?;
            return Err(error);
        }
        Ok(world)
    }

    async fn fill(&self) -> Result<()> {
        self.store.migrate().await?;
        demo::seed(&self.store, &self.clock, &self.keys(), |_| ()).await?;
        self.multiply().await?;
        visibility::rebuild(&self.store).await?;
        response::rebuild(&self.store).await?;
        search::rebuild(&self.store).await?;
        if self.store.engine() == Engine::Postgres {
            // What autovacuum does in service. SQLite is left without statistics, as it is in service.
            self.store.orm.execute_unprepared("vacuum analyze").await?;
        }
        Ok(())
    }

    /// Where the private keys of its agencies are.
    pub fn keys(&self) -> PathBuf {
        self.directory.path().join("keys")
    }

    /// How a server of that name reaches it: its threads and PostgreSQL's backends can be told by the name.
    pub fn address(&self, server: &'static str) -> Address {
        match self.store.address.clone() {
            Address::Postgres(options) => Address::Postgres(options.application_name(server)),
            Address::Sqlite(options) => Address::Sqlite(options.thread_name(move |n| format!("{server}-{n}"))),
        }
    }

    /// A connection to ask PostgreSQL about its backends.
    pub async fn admin(&self) -> Result<Option<PgConnection>> {
        let Some((options, name)) = &self.admin else { return Ok(None) };
        Ok(Some(PgConnection::connect_with(&options.clone().database(name)).await?))
    }

    /// The agency of whom the demo casts in a role.
    #[allow(dead_code, reason = "each bench uses its own part")]
    pub async fn agency(&self, role: Role) -> Result<String> {
        let people = demo::seed(&self.store, &self.clock, &self.keys(), |_| ()).await?;
        let person = people.0.iter().find(|person| person.role.name() == role.name()).ok_or("nobody in the role")?;
        Ok(person.agency.to_owned())
    }

    /// The token of whom the demo casts in a role.
    pub async fn token(&self, role: Role) -> Result<String> {
        let people = demo::seed(&self.store, &self.clock, &self.keys(), |_| ()).await?;
        let person = people.0.iter().find(|person| person.role.name() == role.name()).ok_or("nobody in the role")?;
        let mint =
            Mint { agency: person.agency.to_owned(), subject: person.subject.to_owned(), role: person.role, ttl: None };
        Ok(token::mint(&mint, &self.store, &self.clock, &self.keys()).await?)
    }

    /// Copies concerns with what hangs on them; the visibility table is made anew afterwards, by the desk.
    async fn multiply(&self) -> Result<()> {
        let original = "(select id from concern where reference not like '%/%')";
        for copy in 1..COPIES {
            let id = |column: &str| format!("substr({column}, 1, 10) || '{copy:03}' || substr({column}, 14)");
            let (own, parent, entry) = (id("id"), id("concern_id"), id("entry_id"));
            let statements = [
                format!(
                    "insert into concern (id, reference, {CONCERN}, opened_at) select {own}, reference || '/{copy}', {CONCERN}, substr(opened_at, 1, 20) || '000{copy:03}Z' from concern where reference not like '%/%'"
                ),
                format!(
                    "insert into entry (id, concern_id, {ENTRY}) select {own}, {parent}, {ENTRY} from entry where concern_id in {original}"
                ),
                format!(
                    "insert into entry_audience select {entry}, agency_id from entry_audience where entry_id in (select id from entry where concern_id in {original})"
                ),
                format!(
                    "insert into referral select {own}, {parent}, agency_id, status, case_number, due_at, offered_at from referral where concern_id in {original}"
                ),
                format!(
                    "insert into share select {own}, {parent}, agency_id, person_id, tier_cap, tlp_cap, reason, shared_at, expires_at, revoked_at from share where concern_id in {original}"
                ),
            ];
            for statement in statements {
                self.store.orm.execute_unprepared(&statement).await?;
            }
        }
        Ok(())
    }

    /// Takes it away.
    pub async fn remove(self) -> Result<()> {
        self.store.orm.close().await?;
        if let Some((admin, name)) = self.admin {
            run(&admin, format!("drop database {name} with (force)")).await?;
        }
        Ok(())
    }
}

async fn run(options: &PgConnectOptions, sql: String) -> Result<()> {
    let mut connection = PgConnection::connect_with(options).await?;
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await?;
    Ok(())
}
