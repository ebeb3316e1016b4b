//! Visits of dignitaries and what hangs on them.

use sea_orm_migration::prelude::*;

use crate::ddl;

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0021_visits"
    }
}

const UP: &str = r"
create table visit (
  id TEXT not null primary key,
  reference TEXT not null unique,
  mission_id TEXT not null references mission (id),
  sending_state_id TEXT references sending_state (id),
  principal TEXT not null,
  rank TEXT not null,
  city TEXT not null,
  arrives_on TEXT not null,
  departs_on TEXT not null,
  status TEXT not null,
  reason TEXT,
  threat_assessment TEXT,
  announced_by_id TEXT references person (id),
  announced_at TEXT not null,
  accepted_at TEXT
);
create index visit_by_arrives_on on visit (arrives_on, id);
create index visit_by_mission on visit (mission_id, arrives_on, id);

create table venue (
  id TEXT not null primary key,
  visit_id TEXT not null references visit (id),
  name TEXT not null,
  kind TEXT not null,
  address TEXT,
  area TEXT,
  latitude double precision,
  longitude double precision
);
create index venue_by_visit on venue (visit_id, name, id);

create table leg (
  id TEXT not null primary key,
  visit_id TEXT not null references visit (id),
  kind TEXT not null,
  venue_id TEXT references venue (id),
  area TEXT,
  starts_at TEXT not null,
  ends_at TEXT not null,
  note TEXT,
  route TEXT
);
create index leg_by_visit on leg (visit_id, starts_at, id);
create index leg_by_venue on leg (venue_id, starts_at, id);

create table delegate (
  id TEXT not null primary key,
  visit_id TEXT not null references visit (id),
  name TEXT not null,
  capacity TEXT,
  added_at TEXT not null
);
create index delegate_by_visit on delegate (visit_id, name, id);

create table port_courtesy (
  id TEXT not null primary key,
  visit_id TEXT not null references visit (id),
  direction TEXT not null,
  port TEXT not null,
  carrier TEXT,
  at TEXT not null,
  late_reason TEXT,
  requested_by_id TEXT references person (id),
  requested_at TEXT not null,
  decision TEXT not null,
  decided_by_id TEXT references person (id),
  decided_at TEXT,
  reason TEXT
);
create index port_courtesy_by_visit on port_courtesy (visit_id, at, id);

create table weapons_notice (
  id TEXT not null primary key,
  visit_id TEXT not null references visit (id),
  officer TEXT not null,
  make TEXT not null,
  serial TEXT not null,
  route TEXT not null,
  filed_by_id TEXT references person (id),
  filed_at TEXT not null,
  decision TEXT not null,
  decided_by_id TEXT references person (id),
  decided_at TEXT,
  reason TEXT
);
create unique index weapons_notice_by_visit on weapons_notice (visit_id, make, serial);

create table visit_conflict (
  id TEXT not null primary key,
  visit_id TEXT not null references visit (id),
  kind TEXT not null,
  leg_id TEXT references leg (id),
  other_visit_id TEXT references visit (id),
  starts_at TEXT not null,
  ends_at TEXT not null,
  found_at TEXT not null
);
create index visit_conflict_by_visit on visit_conflict (visit_id, starts_at, id);
create index visit_conflict_by_other_visit on visit_conflict (other_visit_id);
create index visit_conflict_by_leg on visit_conflict (leg_id);

alter table concern add column visit_id TEXT references visit (id);
create index concern_by_visit on concern (visit_id);
";

const DOWN: &str = r"
drop index concern_by_visit;
alter table concern drop column visit_id;
drop table visit_conflict;
drop table weapons_notice;
drop table port_courtesy;
drop table delegate;
drop table leg;
drop table venue;
drop table visit;
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
