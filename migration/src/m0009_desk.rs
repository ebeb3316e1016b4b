//! What a concern's life needs to be written down: how often its directory changed, where a step led, what was done
//! under which idempotency key.

use sea_orm_migration::prelude::*;

use crate::ddl;

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0009_desk"
    }
}

const UP: &str = r"
alter table concern add column changes bigint not null default 0;
alter table concern add column handovers bigint not null default 0;
alter table concern add column duplicate_of_id TEXT references concern (id);
create index concern_by_duplicate_of on concern (duplicate_of_id);
alter table entry add column to_status TEXT;
alter table entry add column to_severity TEXT;

create table performed (
  agency_id TEXT not null,
  person_id TEXT not null,
  command TEXT not null,
  idempotency_key TEXT not null,
  input_hash TEXT not null,
  changed TEXT not null,
  at TEXT not null,
  primary key (agency_id, person_id, command, idempotency_key)
);
create index performed_by_at on performed (at);
";

const DOWN: &str = r"
drop table performed;
alter table entry drop column to_severity;
alter table entry drop column to_status;
drop index concern_by_duplicate_of;
alter table concern drop column duplicate_of_id;
alter table concern drop column handovers;
alter table concern drop column changes;
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
