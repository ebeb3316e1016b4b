//! What missions say has become of how to reach them.

use sea_orm_migration::prelude::*;

use crate::ddl;

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0015_mission_change"
    }
}

const UP: &str = r"
create table mission_change (
  id TEXT not null primary key,
  mission_id TEXT not null references mission (id),
  status TEXT not null,
  proposes TEXT not null,
  switchboard TEXT,
  duty_phone TEXT,
  email TEXT,
  website TEXT,
  switchboard_before TEXT,
  duty_phone_before TEXT,
  email_before TEXT,
  website_before TEXT,
  proposed_by_id TEXT not null references person (id),
  proposed_at TEXT not null,
  decided_by_id TEXT references person (id),
  decided_at TEXT,
  reason TEXT
);
create index mission_change_by_mission on mission_change (mission_id, proposed_at, id);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::drop_tables(manager, &["mission_change"]).await
    }
}
