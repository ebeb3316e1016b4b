//! Who may see which row: what `access::emit` says of every row, kept in the transaction that changes the row.

use sea_orm_migration::prelude::*;

use crate::ddl;

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0003_visibility"
    }
}

// `from_at` and `until_at` are never null (the far past and the far future stand for "unbounded"), so that a
// window is two plain comparisons. `kind` and `ground` are the codes of `access::Kind` and `access::Ground`.
const UP: &str = r"
create table visibility (
  row_id TEXT not null,
  key TEXT not null,
  ground smallint not null,
  cap smallint not null,
  from_at TEXT not null,
  until_at TEXT not null,
  tlp_max smallint not null,
  kind smallint not null,
  primary key (row_id, key, ground, cap, from_at, until_at, tlp_max)
);
create index visibility_by_key on visibility (key, kind, ground, row_id);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::drop_tables(manager, &["visibility"]).await
    }
}
