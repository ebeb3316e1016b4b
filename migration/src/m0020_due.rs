//! Lines of duty that say when something is owed, not only that it is: a board is those lines, in order.

use sea_orm_migration::prelude::*;

use crate::ddl;

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0020_due"
    }
}

// `owed` is, on those lines of a concern by which somebody is responsible for it, the earliest instant at which something
// is owed on it, and null where nothing is and on all other lines.
const UP: &str = r"
drop index visibility_owed;
alter table visibility drop column owed;
alter table visibility add column owed TEXT;
update visibility set owed = (select c.next_due_at from concern c where c.id = row_id)
  where kind = 8 and ground in (9, 10, 12);
create index visibility_owed on visibility (key, kind, owed, row_id, ground, cap, from_at, until_at) where owed is not null;
";

const DOWN: &str = r"
drop index visibility_owed;
alter table visibility drop column owed;
alter table visibility add column owed smallint;
update visibility set owed = (select case when c.next_due_at is not null then 1 end from concern c where c.id = row_id)
  where kind = 8 and ground in (9, 10, 12);
create index visibility_owed on visibility (key, kind, row_id, ground, cap, from_at, until_at) where owed is not null;
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// On SQLite too: it rewrites the largest table there is.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::run(manager, DOWN).await
    }
}
