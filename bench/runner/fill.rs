//! The database with the world in it: kept from the last run if it is the same world, else made.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use chancery::{
    desk::{response, search, visibility},
    identity::demo_keys::generate_demo_key,
    store::{Address, Store},
};
use chancery_bench::{
    Result,
    database::{address, text, texts},
    world::{self, KEY, Scale, Sink},
};
use sea_orm::ConnectionTrait as _;
use sqlx::{Connection as _, PgConnection, SqliteConnection};

use crate::{Engine, postgres::Postgres, servers::Which};

/// The database in which the world is.
const DATABASE: &str = "bench";
/// The copy that is written on.
const COPY: &str = "written";
/// The embedded database's file, as Chancery names it.
const FILE: &str = "chancery.sqlite";

/// A filled database.
pub struct Filled {
    /// On which engine.
    pub engine: Engine,
    /// How large.
    pub scale: Scale,
    /// The private key of all agencies lies here.
    pub keys: PathBuf,
    /// Logs and what servers keep.
    pub scratch: PathBuf,
    /// How long each step took, in seconds, when it was filled.
    pub steps: Vec<(String, f64)>,
    /// The server.
    pub postgres: Option<Postgres>,
    directory: PathBuf,
}

impl Filled {
    /// Opens it under a directory, or makes it there.
    pub async fn open(root: &Path, engine: Engine, scale: Scale) -> Result<Self> {
        let directory = root.join(format!("{}-{}", engine.name(), scale.name));
        let (keys, scratch) = (root.join("keys"), directory.join("scratch"));
        fs::create_dir_all(&scratch)?;
        fs::create_dir_all(directory.join(DATABASE))?;
        let mark = directory.join("filled");
        let migrations = text_of_migrations();
        let version = format!("world {} schema {migrations}", world::VERSION);
        let kept = fs::read_to_string(&mark).unwrap_or_default();
        let kept = kept.split_once('\n').filter(|(first, _)| *first == version);
        if kept.is_none() {
            fs::remove_dir_all(&directory)?;
            fs::create_dir_all(&scratch)?;
            fs::create_dir_all(directory.join(DATABASE))?;
        }
        let steps = kept.map(|(_, steps)| steps.lines().filter_map(step).collect());
        let postgres = match engine {
            Engine::Postgres => Some(Postgres::start(&directory)?),
            Engine::Sqlite => None,
        };
        let mut filled = Self { engine, scale, keys, scratch, steps: Vec::new(), postgres, directory };
        if let Some(steps) = steps {
            filled.steps = steps;
        } else {
            filled.fill().await?;
            let steps: String = filled.steps.iter().map(|(name, seconds)| format!("\n{name}\t{seconds:.1}")).collect();
            fs::write(mark, format!("{version}{steps}\n"))?;
        }
        Ok(filled)
    }

    /// How a server reaches it: with a login of its own, so that its statements can be told.
    pub fn database(&self, which: Which) -> String {
        self.on(DATABASE, which)
    }

    /// The same, of a copy.
    pub fn on(&self, database: &str, which: Which) -> String {
        match &self.postgres {
            Some(server) => server.url(database).replace("postgres@", &format!("{}@", which.name())),
            None => self.directory.join(database).join(FILE).display().to_string(),
        }
    }

    /// How the runner reaches it.
    pub fn address(&self) -> Result<Address> {
        self.address_of(DATABASE)
    }

    /// The same, of a copy.
    pub fn address_of(&self, database: &str) -> Result<Address> {
        match &self.postgres {
            Some(server) => address(&server.url(database), "runner"),
            None => address(&self.on(database, Which::Chancery), "runner"),
        }
    }

    /// A copy to write on, made anew. Nobody may be connected to the world.
    pub async fn copy(&self) -> Result<String> {
        if let Some(server) = &self.postgres {
            let mut connection = PgConnection::connect(&server.url("postgres")).await?;
            for sql in [
                "drop database if exists written with (force)",
                "create database written template bench strategy file_copy",
            ] {
                sqlx::raw_sql(sql).execute(&mut connection).await?;
            }
            connection.close().await?;
        } else {
            let copy = self.directory.join(COPY);
            if copy.exists() {
                fs::remove_dir_all(&copy)?;
            }
            fs::create_dir_all(&copy)?;
            fs::copy(self.directory.join(DATABASE).join(FILE), copy.join(FILE))?;
        }
        Ok(COPY.to_owned())
    }

    /// A connection of the runner to PostgreSQL.
    pub async fn admin(&self) -> Result<Option<PgConnection>> {
        self.admin_of(DATABASE).await
    }

    /// The same, to a copy.
    pub async fn admin_of(&self, database: &str) -> Result<Option<PgConnection>> {
        match self.address_of(database)? {
            Address::Postgres(options) => Ok(Some(PgConnection::connect_with(&options).await?)),
            Address::Sqlite(_) => Ok(None),
        }
    }

    async fn fill(&mut self) -> Result<()> {
        let jwk = generate_demo_key(&self.keys, KEY)?.to_string();
        if let Some(server) = &self.postgres {
            let mut connection = PgConnection::connect(&server.url("postgres")).await?;
            for which in [Which::Chancery, Which::Floor, Which::Tutorial, Which::Walled] {
                let sql = sqlx::AssertSqlSafe(format!("create role {} superuser login", which.name()));
                sqlx::raw_sql(sql).execute(&mut connection).await?;
            }
            sqlx::raw_sql("create database bench").execute(&mut connection).await?;
            connection.close().await?;
        }
        let address = self.address()?;
        let store = Store::open(address.clone()).await?;
        store.migrate().await?;
        let mut since = Instant::now();
        let mut step = |steps: &mut Vec<(String, f64)>, name: &str| {
            let seconds = since.elapsed().as_secs_f64();
            eprintln!("  {name}: {seconds:.1} s");
            steps.push((name.to_owned(), seconds));
            since = Instant::now();
        };
        eprintln!("Filling {} at {}", self.engine.name(), self.scale.name);
        let mut sink = match &address {
            Address::Postgres(options) => Sink::postgres(PgConnection::connect_with(options).await?),
            Address::Sqlite(options) => {
                store.orm.clone().close().await?;
                Sink::sqlite(SqliteConnection::connect_with(options).await?).await?
            }
        };
        world::fill(&mut sink, self.scale, &jwk).await?;
        sink.close().await?;
        step(&mut self.steps, "rows");
        let store = Store::open(address.clone()).await?;
        if self.postgres.is_some() {
            // Not for everybody: the wall is not built where its readers may read more than it shows.
            let statistics = "create extension pg_stat_statements; revoke all on pg_stat_statements, pg_stat_statements_info from public";
            store.orm.execute_unprepared(statistics).await?;
            store.orm.execute_unprepared("analyze").await?;
        }
        let indexes = take_indexes(&address, &store).await?;
        response::rebuild(&store).await?;
        step(&mut self.steps, "response clock");
        // After it: lines say whether something is owed.
        visibility::rebuild(&store).await?;
        step(&mut self.steps, "visibility");
        search::rebuild(&store).await?;
        step(&mut self.steps, "search");
        for index in indexes {
            store.orm.execute_unprepared(&index).await?;
        }
        step(&mut self.steps, "their indexes");
        if self.postgres.is_some() {
            // What autovacuum does in service. SQLite is left without statistics, as it is in service.
            store.orm.execute_unprepared("vacuum analyze").await?;
            store.orm.execute_unprepared("checkpoint").await?;
        }
        store.orm.close().await?;
        step(&mut self.steps, "vacuum analyze");
        let version = text(&address, "select cast(count(*) as text) from concern").await?;
        if version != self.scale.concerns.to_string() {
            return Err(format!("{version} concerns were written").into());
        }
        Ok(())
    }
}

/// Takes the indexes of what is derived away, while it is filled, and tells how to make them again.
async fn take_indexes(address: &Address, store: &Store) -> Result<Vec<String>> {
    let named = match address {
        Address::Postgres(_) => {
            "select indexname::text, indexdef from pg_indexes where schemaname = current_schema() and tablename in ('visibility', 'search') and indexname not like '%pkey'"
        }
        Address::Sqlite(_) => {
            "select name, sql from sqlite_master where type = 'index' and tbl_name in ('visibility', 'search') and sql is not null"
        }
    };
    let mut definitions = Vec::new();
    for index in texts(address, named).await? {
        let [Some(name), Some(definition)] = index.as_slice() else { return Err("an index without a name".into()) };
        store.orm.execute_unprepared(&format!("drop index {name}")).await?;
        definitions.push(definition.clone());
    }
    Ok(definitions)
}

/// The names of all steps of the schema, as one number: a kept database of another schema is made anew.
fn text_of_migrations() -> String {
    use sea_orm_migration::MigratorTrait as _;
    let names: Vec<String> = migration::Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
    format!("{} {}", names.len(), names.last().cloned().unwrap_or_default())
}

fn step(line: &str) -> Option<(String, f64)> {
    let (name, seconds) = line.split_once('\t')?;
    Some((name.to_owned(), seconds.parse().ok()?))
}
