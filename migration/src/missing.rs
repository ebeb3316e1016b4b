//! Which steps a database lacks, found out without changing it.

use sea_orm_migration::{
    MigratorTrait as _, SchemaManager,
    sea_orm::{DatabaseConnection, DbErr, EntityTrait as _},
    seaql_migrations,
};

use crate::Migrator;

/// How many steps are missing. It only reads, unlike [`sea_orm_migration::MigratorTrait::get_pending_migrations`]: a
/// probe asks it again and again, and a replica's database role need not own the schema.
///
/// # Errors
/// [`DbErr::Migration`] when the database is of a newer program; whatever the database says.
pub async fn missing(db: &DatabaseConnection) -> Result<usize, DbErr> {
    let known = Migrator::migrations();
    if !SchemaManager::new(db).has_table("seaql_migrations").await? {
        return Ok(known.len());
    }
    let applied = seaql_migrations::Entity::find().all(db).await?;
    match applied.iter().find(|row| !known.iter().any(|step| step.name() == row.version)) {
        Some(newer) => {
            Err(DbErr::Migration(format!("the database is of a newer program: {} is not known here", newer.version)))
        }
        None => Ok(known.len().saturating_sub(applied.len())),
    }
}
