//! What was handed in about a concern.

use sea_orm_migration::prelude::*;

use crate::ddl;

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0012_evidence"
    }
}

const UP: &str = r"
create table evidence (
  id TEXT not null primary key,
  concern_id TEXT not null references concern (id),
  entry_id TEXT not null references entry (id),
  name TEXT not null,
  sha256 TEXT not null,
  pointer TEXT not null,
  tlp TEXT not null,
  added_at TEXT not null,
  added_by_id TEXT references person (id)
);
create index evidence_by_concern on evidence (concern_id, added_at, id);
create index evidence_by_entry on evidence (entry_id);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::drop_tables(manager, &["evidence"]).await
    }
}
