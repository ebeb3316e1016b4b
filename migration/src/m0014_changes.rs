//! What changed, in the order in which it was committed: what streams are made of.
//!
//! An event holds no content: which columns have another value, the directory's values that streams are filtered by,
//! and the lines of the visibility table as they were. Whoever may see the row is told what it is now.

use sea_orm_migration::prelude::*;

use crate::ddl;

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0014_changes"
    }
}

// `last` is the number of the last event, `pruned` that of the last one that was thrown away, `clock` until when it was
// told what changes by the clock alone. The indexes find such windows; most lines have none.
const UP: &str = r"
create table change_event (
  sequence bigint not null primary key,
  at TEXT not null,
  kind smallint not null,
  row_id TEXT not null,
  fact TEXT not null
);
create index change_event_by_at on change_event (at);
create table change_head (
  id integer not null primary key,
  last bigint not null,
  pruned bigint not null,
  clock TEXT not null
);
insert into change_head (id, last, pruned, clock) values (1, 0, 0, '');
create index visibility_by_until on visibility (until_at) where until_at <> '9999-12-31T23:59:59.999999Z';
create index visibility_by_from on visibility (from_at) where from_at <> '0001-01-01T00:00:00.000000Z';
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::run(manager, "drop index visibility_by_from; drop index visibility_by_until").await?;
        ddl::drop_tables(manager, &["change_event", "change_head"]).await
    }
}
