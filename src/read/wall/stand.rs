//! The wall in a database: put up, taken down, looked at.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, postgres::PgConnectOptions};

use super::{
    POLICY, catalog,
    script::{self, name},
};
use crate::{
    access::POLICY_EPOCH,
    digest::sha256_hex,
    error::{Code, Error, Result},
    store::{Address, Store},
};

/// How long the statements that change tables wait for readers and writers under way: while they wait, all wait.
const PATIENCE: &str = "set local lock_timeout = '10s'";
/// SQLSTATE: not allowed.
const DENIED: &str = "42501";
/// SQLSTATE: the role is there, made since we looked.
const MADE_MEANWHILE: [&str; 2] = ["42710", "23505"];

/// The statements that [`up`] runs, as SQL for a reader or for `psql`. Run by hand they put up a wall that `status`
/// and `serve` do not know: they miss what `up` writes down of it.
pub async fn print(store: &Store, role: &str) -> Result<String> {
    let mut connection = connect(store).await?;
    let schema = schema(&mut connection).await?;
    let statements: Vec<String> =
        [script::down(&schema, role), script::up(&schema, role)].concat().into_iter().map(|sql| sql + ";\n").collect();
    Ok(format!(
        "-- The wall of policy epoch {POLICY_EPOCH}, fingerprint {}.\nbegin;\n{}commit;\n",
        fingerprint(&schema, role),
        statements.concat()
    ))
}

/// Puts the wall up, in one transaction; what an older one left is taken away first. Fails, and leaves everything as
/// it was, if the login may not make the role or does not own the tables.
pub async fn up(store: &Store, role: &str) -> Result<()> {
    let mut connection = connect(store).await?;
    let schema = schema(&mut connection).await?;
    make_role(&mut connection, role).await?;
    let mut work = connection.begin().await?;
    run(&mut work, PATIENCE).await?;
    for statement in [script::down(&schema, role), script::up(&schema, role)].concat() {
        run(&mut work, &statement).await.map_err(|error| not_owner(&error).unwrap_or(error.into()))?;
    }
    let record = record(&schema, role, &catalog::text(&mut work, role).await?);
    run(&mut work, &format!("comment on policy {POLICY} on {}.visibility is '{record}'", name(&schema))).await?;
    Ok(work.commit().await?)
}

/// Takes the wall down, in one transaction. The role stays: other databases of the server may know it.
pub async fn down(store: &Store, role: &str) -> Result<()> {
    let mut connection = connect(store).await?;
    let schema = schema(&mut connection).await?;
    if catalog::faults_of_role(&mut connection, role).await?.is_none() {
        return Ok(());
    }
    let mut work = connection.begin().await?;
    run(&mut work, PATIENCE).await?;
    for statement in script::down(&schema, role) {
        run(&mut work, &statement).await.map_err(|error| not_owner(&error).unwrap_or(error.into()))?;
    }
    Ok(work.commit().await?)
}

/// Everything in which the database differs from the wall that this program builds. Empty: it stands. It only reads.
pub async fn faults(store: &Store, role: &str) -> Result<Vec<String>> {
    let mut connection = connect(store).await?;
    let Some(mut faults) = catalog::faults_of_role(&mut connection, role).await? else {
        return Ok(vec![format!("there is no role {role}")]);
    };
    let schema = schema(&mut connection).await?;
    let Some(found) = catalog::record(&mut connection).await? else {
        return Ok(vec!["there is no wall, or a part of it is gone".to_owned()]);
    };
    faults.extend(catalog::faults_of_tables(&mut connection, role).await?);
    let built = built(&schema, role);
    if !found.starts_with(&built) {
        faults.push(format!("it was put up by another version: {found}; this one builds {built}"));
    } else if found != record(&schema, role, &catalog::text(&mut connection, role).await?) {
        faults.push("policies or functions are not as they were put up".to_owned());
    }
    if run(&mut connection, &format!("set role {}", name(role))).await.is_err() {
        faults.push(format!("this login may not work as {role}"));
    }
    connection.close().await?;
    Ok(faults)
}

/// What is built, by epoch and text.
fn built(schema: &str, role: &str) -> String {
    format!("epoch {POLICY_EPOCH}, fingerprint {}", fingerprint(schema, role))
}

/// What is written down: what was built, and what PostgreSQL made of it.
fn record(schema: &str, role: &str, text: &str) -> String {
    format!("{}, text {}", built(schema, role), short(text))
}

fn fingerprint(schema: &str, role: &str) -> String {
    short(&script::up(schema, role).join(";"))
}

/// 128 bits of a hash, as hexadecimal.
fn short(text: &str) -> String {
    sha256_hex(text).chars().take(32).collect()
}

/// The role, made if it is not there, and ours to work as.
async fn make_role(connection: &mut PgConnection, role: &str) -> Result<()> {
    let login: String = sqlx::query("select session_user::text").fetch_one(&mut *connection).await?.try_get(0)?;
    let is_there = catalog::faults_of_role(connection, role).await?.is_some();
    let (role, login) = (name(role), name(&login));
    let (create, grant) = (format!("create role {role} nologin"), format!("grant {role} to {login}"));
    if !is_there {
        match run(connection, &create).await {
            Err(error) if has_code(&error, &[DENIED]) => {
                return Err(ask(&format!("there is no role {role}, and {login} may not make it"), &[create, grant]));
            }
            Err(error) if !has_code(&error, &MADE_MEANWHILE) => return Err(error.into()),
            _ => {}
        }
    }
    let try_it = format!("set role {role}");
    if run(connection, &try_it).await.is_err() {
        // `grant` fails too if the login is not the role's administrator; what counts is the second try.
        let _ = run(connection, &grant).await;
        if run(connection, &try_it).await.is_err() {
            return Err(ask(&format!("{login} may not work as {role}"), &[grant]));
        }
    }
    Ok(run(connection, "reset role").await?)
}

fn ask(what: &str, statements: &[String]) -> Error {
    let statements: Vec<String> = statements.iter().map(|statement| format!("  {statement};")).collect();
    Error::new(Code::Forbidden, format!("{what}: an administrator of the server must run\n{}", statements.join("\n")))
}

fn not_owner(error: &sqlx::Error) -> Option<Error> {
    let told = "the wall is put up and taken down by the login that owns the tables: the one that ran the migrations";
    has_code(error, &[DENIED]).then(|| Error::new(Code::Forbidden, told))
}

fn has_code(error: &sqlx::Error, codes: &[&str]) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| codes.contains(&code.as_ref()))
}

async fn connect(store: &Store) -> Result<PgConnection> {
    Ok(PgConnection::connect_with(options(store)?).await?)
}

fn options(store: &Store) -> Result<&PgConnectOptions> {
    match &store.address {
        Address::Postgres(options) => Ok(options),
        Address::Sqlite(_) => Err(Error::input("SQLite has no row security: the wall is PostgreSQL's")),
    }
}

async fn schema(connection: &mut PgConnection) -> Result<String> {
    let schema: Option<String> =
        sqlx::query("select current_schema()::text").fetch_one(connection).await?.try_get(0)?;
    schema.ok_or_else(|| Error::new(Code::Conflict, "the login's search path names no schema"))
}

async fn run(connection: &mut PgConnection, sql: &str) -> sqlx::Result<()> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(drop)
}
