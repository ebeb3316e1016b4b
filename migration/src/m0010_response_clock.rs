//! The response clock of a concern, kept beside it as it follows from its log.

use sea_orm_migration::prelude::*;

use crate::ddl;

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0010_response_clock"
    }
}

// The index is written as a list is ordered by a column that may be null: what is breached is its beginning.
const UP: &str = r"
alter table concern add column clock TEXT;
alter table concern add column next_due_at TEXT;
alter table concern add column clock_rest TEXT;
create index concern_by_next_due on concern
  ((case when (next_due_at) is null then 1 else 0 end), (coalesce(next_due_at, '')), id);
create index concern_by_clock_rest on concern (clock_rest, opened_at, id) where clock_rest is not null;
";

const DOWN: &str = r"
drop index concern_by_clock_rest;
drop index concern_by_next_due;
alter table concern drop column clock_rest;
alter table concern drop column next_due_at;
alter table concern drop column clock;
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::run(manager, DOWN).await
    }
}
