//! How many persons and agencies PostgreSQL is to take the audit trail for.
//!
//! Behind the second wall statements are planned once for all who ask, by the average of the column. While one agency
//! has done nearly everything, PostgreSQL samples a handful of persons, takes each for a large part of the table, and
//! reads all of it for one person's acts. The numbers are said, not sampled: an index is of use whoever asks.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0017_trail_numbers"
    }
}

/// Where the trail has an owner of its own already (`chancery audit grants`), that owner alone may say it: it costs time
/// only, so the step goes on and says so.
fn say(numbers: &str) -> String {
    format!(
        "do $$ begin {numbers}; \
         exception when insufficient_privilege then \
         raise warning 'the numbers of the audit trail are its owner''s to say: {numbers}'; end $$"
    )
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, "alter table audit_event alter column agency_id set (n_distinct = 500), alter column person_id set (n_distinct = 5000)").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, "alter table audit_event alter column agency_id reset (n_distinct), alter column person_id reset (n_distinct)").await
    }
}

async fn run(manager: &SchemaManager<'_>, numbers: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        manager.get_connection().execute_unprepared(&say(numbers)).await?;
    }
    Ok(())
}
