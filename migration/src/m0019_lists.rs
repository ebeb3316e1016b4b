//! Lines of visibility that say where their row stands in lists, so that a list begins with the keys of who asks: a
//! page, a count and a condition read what the keys open, in order, and nothing that they do not.
//!
//! Windows without a bound are written shorter, and the index by key leaves children out: nobody looks for those but
//! by their row.

use sea_orm_migration::prelude::*;

use crate::ddl;

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0019_lists"
    }
}

// `at` is the instant by which rows of the type are listed, empty where they have none, null on a child's line. `under`
// is the row on which a list of the type hangs, where there is such a list. `owed` is 1 on those lines of a concern by
// which somebody is responsible for it while something is owed on it, and null on all others: a board reads those alone.
//
// The table is changed where it stands: the second wall's policies hang on it.
const UP: &str = r"
drop index visibility_by_from;
drop index visibility_by_until;
drop index visibility_by_key;
alter table visibility add column at TEXT;
alter table visibility add column under TEXT;
alter table visibility add column owed smallint;
update visibility set
  from_at = case from_at when '0001-01-01T00:00:00.000000Z' then '' else from_at end,
  until_at = case until_at when '9999-12-31T23:59:59.999999Z' then '~' else until_at end,
  at = case
    when kind = 8 then (select c.opened_at from concern c where c.id = row_id)
    when kind = 14 then (select a.sent_at from advisory a where a.id = row_id)
    when kind in (9, 10, 11, 13, 15, 16) then null
    else ''
  end,
  under = case when kind = 8 then (select c.mission_id from concern c where c.id = row_id) end,
  owed = case when kind = 8 and ground in (9, 10, 12)
    then (select case when c.next_due_at is not null then 1 end from concern c where c.id = row_id) end;
create index visibility_in_order on visibility (key, kind, at, row_id, ground, cap, from_at, until_at, tlp_max)
  where at is not null;
create index visibility_under on visibility (key, kind, under, at, row_id, ground, cap, from_at, until_at, tlp_max)
  where under is not null;
create index visibility_owed on visibility (key, kind, row_id, ground, cap, from_at, until_at) where owed is not null;
create index visibility_by_until on visibility (until_at) where until_at <> '~';
create index visibility_by_from on visibility (from_at) where from_at <> '';
";

const DOWN: &str = r"
drop index visibility_by_from;
drop index visibility_by_until;
drop index visibility_owed;
drop index visibility_under;
drop index visibility_in_order;
alter table visibility drop column owed;
alter table visibility drop column under;
alter table visibility drop column at;
update visibility set
  from_at = case from_at when '' then '0001-01-01T00:00:00.000000Z' else from_at end,
  until_at = case until_at when '~' then '9999-12-31T23:59:59.999999Z' else until_at end;
create index visibility_by_key on visibility (key, kind, ground, row_id);
create index visibility_by_until on visibility (until_at) where until_at <> '9999-12-31T23:59:59.999999Z';
create index visibility_by_from on visibility (from_at) where from_at <> '0001-01-01T00:00:00.000000Z';
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
