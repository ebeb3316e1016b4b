//! The database as the floor, the tutorial and the runner reach it.

use std::str::FromStr as _;

use chancery::store::Address;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection};

use crate::Result;

/// A `postgres://` URL, or the path of a SQLite file.
pub fn address(database: &str, application: &str) -> Result<Address> {
    if database.starts_with("postgres://") {
        let options = sqlx::postgres::PgConnectOptions::from_str(database)?.application_name(application);
        return Ok(Address::Postgres(options));
    }
    Ok(Address::file(database.into()))
}

/// The rows of a statement whose columns are texts.
pub async fn texts(address: &Address, sql: &str) -> Result<Vec<Vec<Option<String>>>> {
    let sql = AssertSqlSafe(sql.to_owned());
    let row = |columns: usize, of: &dyn Fn(usize) -> sqlx::Result<Option<String>>| (0..columns).map(of).collect();
    let rows: sqlx::Result<Vec<Vec<Option<String>>>> = match address {
        Address::Postgres(options) => {
            let mut connection = PgConnection::connect_with(options).await?;
            let rows = sqlx::query(sql).fetch_all(&mut connection).await?;
            connection.close().await?;
            rows.iter().map(|found| row(found.len(), &|place| found.try_get(place))).collect()
        }
        Address::Sqlite(options) => {
            let mut connection = SqliteConnection::connect_with(options).await?;
            let rows = sqlx::query(sql).fetch_all(&mut connection).await?;
            connection.close().await?;
            rows.iter().map(|found| row(found.len(), &|place| found.try_get(place))).collect()
        }
    };
    Ok(rows?)
}

/// The one text of a statement.
pub async fn text(address: &Address, sql: &str) -> Result<String> {
    let rows = texts(address, sql).await?;
    Ok(rows.into_iter().flatten().next().flatten().unwrap_or_default())
}
