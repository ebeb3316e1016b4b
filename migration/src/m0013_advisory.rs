//! Advisories, and which agencies have said that they have them.

use sea_orm_migration::prelude::*;

use crate::ddl;

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0013_advisory"
    }
}

const TABLES: &[&str] = &["advisory", "acknowledgement"];

// Commands come one after the other, so that neither unique index is ever met: they are what a mistake would meet.
const UP: &str = r"
create table advisory (
  id TEXT not null primary key,
  msg_type TEXT not null,
  urgency TEXT not null,
  severity TEXT not null,
  certainty TEXT not null,
  headline TEXT not null,
  body TEXT not null,
  audience TEXT not null,
  sent_at TEXT not null,
  expires_at TEXT,
  supersedes_id TEXT references advisory (id),
  issued_by_id TEXT references person (id)
);
create index advisory_by_sent_at on advisory (sent_at, id);
create unique index advisory_by_supersedes on advisory (supersedes_id);

create table acknowledgement (
  id TEXT not null primary key,
  advisory_id TEXT not null references advisory (id),
  agency_id TEXT not null references agency (id),
  person_id TEXT not null references person (id),
  acknowledged_at TEXT not null
);
create index acknowledgement_by_advisory on acknowledgement (advisory_id, acknowledged_at, id);
create unique index acknowledgement_by_agency on acknowledgement (agency_id, advisory_id);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::drop_tables(manager, TABLES).await
    }
}
