//! What protects the people of posts abroad: tours, programmes, findings, advice, incidents.

use sea_orm_migration::prelude::*;

use crate::ddl;

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0023_programmes"
    }
}

const UP: &str = r"
alter table post add column emergency_plan TEXT;

create table tour (
  id TEXT not null primary key,
  post_id TEXT not null references post (id),
  capacity TEXT not null,
  name TEXT not null,
  starts_on TEXT not null,
  ends_on TEXT,
  check (ends_on is null or starts_on <= ends_on)
);
create index tour_by_post on tour (post_id, starts_on, id);

create table post_programme (
  id TEXT not null primary key,
  post_id TEXT not null references post (id),
  kind TEXT not null,
  reviewed_on TEXT,
  outcome TEXT,
  next_review_on TEXT not null,
  ended_on TEXT
);
create unique index post_programme_is_one_of_its_kind on post_programme (post_id, kind) where ended_on is null;
create index post_programme_by_post on post_programme (post_id, next_review_on, id);
create index post_programme_by_next_review_on on post_programme (next_review_on, id);

create table programme_review (
  id TEXT not null primary key,
  post_id TEXT not null references post (id),
  programme_id TEXT not null references post_programme (id),
  reviewed_on TEXT not null,
  outcome TEXT not null,
  summary TEXT not null,
  next_review_on TEXT not null,
  recorded_by_id TEXT references person (id),
  recorded_at TEXT not null
);
create index programme_review_by_post on programme_review (post_id, reviewed_on, id);
create index programme_review_by_programme on programme_review (programme_id, reviewed_on, id);

create table finding (
  id TEXT not null primary key,
  post_id TEXT not null references post (id),
  programme_id TEXT not null references post_programme (id),
  review_id TEXT references programme_review (id),
  severity TEXT not null,
  body TEXT not null,
  found_by_id TEXT references person (id),
  found_at TEXT not null,
  due_on TEXT not null,
  resolved_at TEXT,
  resolution TEXT
);
create index finding_by_post on finding (post_id, due_on, id);
create index finding_by_programme on finding (programme_id);
create index finding_by_review on finding (review_id);

create table advice (
  id TEXT not null primary key,
  post_id TEXT not null references post (id),
  finding_id TEXT references finding (id),
  subject TEXT not null,
  body TEXT not null,
  given_to TEXT,
  advised_by_id TEXT not null references person (id),
  advised_at TEXT not null,
  decision TEXT not null,
  decided_at TEXT,
  reason TEXT
);
create index advice_by_post on advice (post_id, advised_at, id);
create index advice_by_finding on advice (finding_id);

create table incident (
  id TEXT not null primary key,
  reference TEXT not null unique,
  post_id TEXT not null references post (id),
  setting TEXT not null,
  category TEXT not null,
  severity TEXT not null,
  status TEXT not null,
  tlp TEXT not null,
  title TEXT not null,
  narrative TEXT not null,
  occurred_at TEXT,
  place TEXT,
  reporter_id TEXT not null references person (id),
  opened_at TEXT not null,
  resolved_at TEXT,
  closed_at TEXT
);
create index incident_by_opened_at on incident (opened_at, id);
create index incident_by_post on incident (post_id, opened_at, id);
create index incident_by_reporter on incident (reporter_id);

create table incident_entry (
  id TEXT not null primary key,
  incident_id TEXT not null references incident (id),
  kind TEXT not null,
  author_id TEXT not null references person (id),
  tlp TEXT not null,
  body TEXT,
  at TEXT not null,
  to_status TEXT,
  to_severity TEXT
);
create index incident_entry_by_incident on incident_entry (incident_id, at, id);

create index visit_by_sending_state on visit (sending_state_id, arrives_on, id);
";

const DOWN: &str = r"
drop index visit_by_sending_state;
drop table incident_entry;
drop table incident;
drop table advice;
drop table finding;
drop table programme_review;
drop table post_programme;
drop table tour;
alter table post drop column emergency_plan;
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
