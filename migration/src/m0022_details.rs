//! Protective details: who is on them, and when.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::ddl;

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0022_details"
    }
}

const UP: &str = r"
create table protective_detail (
  id TEXT not null primary key,
  protectee TEXT not null,
  visit_id TEXT references visit (id),
  status TEXT not null,
  agent_in_charge_id TEXT not null references person (id),
  safe_haven TEXT,
  opened_at TEXT not null,
  closed_at TEXT
);

create index protective_detail_by_visit on protective_detail (visit_id, opened_at, id);

create table detail_agency (
  detail_id TEXT not null references protective_detail (id),
  agency_id TEXT not null references agency (id),
  primary key (detail_id, agency_id)
);
create index detail_agency_by_agency on detail_agency (agency_id);

create table assignment (
  id TEXT not null primary key,
  detail_id TEXT not null references protective_detail (id),
  person_id TEXT not null references person (id),
  starts_at TEXT not null,
  ends_at TEXT,
  assigned_at TEXT not null
);
create index assignment_by_detail on assignment (detail_id, starts_at, id);
create index assignment_by_person on assignment (person_id, starts_at, id);

create table shift (
  id TEXT not null primary key,
  detail_id TEXT not null references protective_detail (id),
  person_id TEXT not null references person (id),
  role TEXT not null,
  starts_at TEXT not null,
  ends_at TEXT not null,
  relieves_id TEXT,
  check (starts_at < ends_at)
);
create index shift_by_detail on shift (detail_id, starts_at, id);
create index shift_by_person on shift (person_id, starts_at);

create table advance_note (
  id TEXT not null primary key,
  visit_id TEXT not null references visit (id),
  leg_id TEXT references leg (id),
  author_id TEXT references person (id),
  body TEXT not null,
  at TEXT not null
);
create index advance_note_by_visit on advance_note (visit_id, at, id);
create index advance_note_by_leg on advance_note (leg_id, at, id);
";

/// One agent is never on two shifts at a time. Instants are texts that order as time does, and ids are all of one length:
/// so the shifts of a person are ranges of texts that begin with the person's id, and those of two persons never meet.
const PERSON_IS_ON_ONE_SHIFT: &str = r#"
create type text_range as range (subtype = text, collation = "C");
alter table shift add constraint person_is_on_one_shift
  exclude using gist (text_range(person_id || starts_at, person_id || ends_at) with &&);
"#;

/// The same for SQLite, which has one writer.
const PERSON_IS_ON_ONE_SHIFT_IN_SQLITE: [&str; 2] = [
    r"create trigger shift_is_added before insert on shift
      when exists (select 1 from shift where person_id = new.person_id and starts_at < new.ends_at and ends_at > new.starts_at)
      begin select raise(abort, 'person_is_on_one_shift'); end",
    r"create trigger shift_is_changed before update on shift
      when exists (select 1 from shift where id <> old.id and person_id = new.person_id and starts_at < new.ends_at and ends_at > new.starts_at)
      begin select raise(abort, 'person_is_on_one_shift'); end",
];

const DOWN: &str = r"
drop table advance_note;
drop table shift;
drop table assignment;
drop table detail_agency;
drop table protective_detail;
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::run(manager, UP).await?;
        let connection = manager.get_connection();
        if manager.get_database_backend() == DbBackend::Postgres {
            connection.execute_unprepared(PERSON_IS_ON_ONE_SHIFT).await?;
        } else {
            for trigger in PERSON_IS_ON_ONE_SHIFT_IN_SQLITE {
                connection.execute_unprepared(trigger).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::run(manager, DOWN).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared("drop type text_range").await?;
        }
        Ok(())
    }
}
