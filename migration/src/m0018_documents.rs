//! The documents that an agency's clients ask by, and whether it is limited to them.

use sea_orm_migration::prelude::*;

use crate::ddl;

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0018_documents"
    }
}

// Two ids may name one text, as manifests of two versions of a client do: the hash is not unique.
const UP: &str = r"
alter table agency add column documents_only boolean not null default false;
create table trusted_document (
  agency_id TEXT not null references agency (id) on delete cascade,
  id TEXT not null,
  sha256 TEXT not null,
  name TEXT,
  text TEXT not null,
  imported_at TEXT not null,
  primary key (agency_id, id)
);
create index trusted_document_by_hash on trusted_document (agency_id, sha256);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::drop_tables(manager, &["trusted_document"]).await?;
        ddl::run(manager, "alter table agency drop column documents_only").await
    }
}
