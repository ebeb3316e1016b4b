//! Runs DDL text on either engine.
//!
//! The only difference between the engines is the collation of text: PostgreSQL columns are declared
//! `collate "C"`, so that both engines compare and order by code point (UTF-8 bytes). Times are text in one
//! canonical form, `2026-11-22T09:30:00.000000Z`: its byte order is its time order on both engines, and it
//! leaves in a response as it is stored.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// Executes each `;`-terminated statement of `sql`, with `TEXT` written as the engine wants it.
pub(crate) async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    let text = match manager.get_database_backend() {
        DbBackend::Postgres => "text collate \"C\"",
        _ => "text",
    };
    let connection = manager.get_connection();
    for statement in sql.split(';').map(str::trim).filter(|s| !s.is_empty()) {
        connection.execute_unprepared(&statement.replace("TEXT", text)).await?;
    }
    Ok(())
}

/// Drops the named tables, last made first.
pub(crate) async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&str]) -> Result<(), DbErr> {
    for table in tables.iter().rev() {
        manager.get_connection().execute_unprepared(&format!("drop table {table}")).await?;
    }
    Ok(())
}
