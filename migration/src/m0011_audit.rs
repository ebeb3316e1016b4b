//! The audit trail: events in one chain per writer, and the anchors that tie all chains together.
//!
//! Both tables only grow. Triggers refuse every change on both engines, on SQLite a replacing insert too; that holds
//! against our own mistakes and against whoever has only the service's login. A table's owner may drop its triggers,
//! so on PostgreSQL the service must not own these two: [`audit_grants`] is the SQL that gives them to a role of their
//! own, which nobody logs in as, and leaves the service to insert and to select. It is printed by
//! `chancery audit grants ROLE` and run once, by a superuser, after this step. What is changed all the same is found
//! by `chancery audit verify`.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::ddl;

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0011_audit"
    }
}

/// The tables that only grow.
const TABLES: [&str; 2] = ["audit_event", "audit_anchor"];
/// Whose they are, once [`audit_grants`] was run.
const KEEPER: &str = "chancery_trail";

const UP: &str = r"
create table audit_event (
  id TEXT not null unique,
  writer TEXT not null,
  sequence bigint not null,
  at TEXT not null,
  subject TEXT,
  agency_id TEXT,
  person_id TEXT,
  role TEXT,
  operation TEXT not null,
  object_ids TEXT not null,
  grounds TEXT not null,
  decision TEXT not null,
  code TEXT,
  policy_version bigint not null,
  previous_hash TEXT not null,
  hash TEXT not null,
  primary key (writer, sequence)
);
create index audit_event_by_at on audit_event (at, id);
create index audit_event_by_agency on audit_event (agency_id, at, id);
create index audit_event_by_person on audit_event (person_id, at, id);

create table audit_anchor (
  sequence bigint not null primary key,
  at TEXT not null,
  heads TEXT not null,
  previous_hash TEXT not null,
  hash TEXT not null
);
";

/// One function for both tables; it knows neither.
const POSTGRES: &str = "
create function audit_only_grows() returns trigger language plpgsql as $$
begin raise exception 'the audit trail only grows'; end $$";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::run(manager, UP).await?;
        let connection = manager.get_connection();
        if manager.get_database_backend() == DbBackend::Postgres {
            connection.execute_unprepared(POSTGRES).await?;
            for table in TABLES {
                let trigger = format!(
                    "create trigger {table}_only_grows before update or delete or truncate on {table} \
                     for each statement execute function audit_only_grows()"
                );
                connection.execute_unprepared(&trigger).await?;
            }
            return Ok(());
        }
        for (table, same) in [
            ("audit_event", "id = new.id or (writer = new.writer and sequence = new.sequence)"),
            ("audit_anchor", "sequence = new.sequence"),
        ] {
            for (name, event) in [
                ("update", "before update".to_owned()),
                ("delete", "before delete".to_owned()),
                // `insert or replace` deletes without asking the trigger of deletes.
                ("replace", "before insert".to_owned()),
            ] {
                let when = if name == "replace" {
                    format!(" when exists (select 1 from {table} where {same})")
                } else {
                    String::new()
                };
                let trigger = format!(
                    "create trigger {table}_no_{name} {event} on {table}{when} \
                     begin select raise(abort, 'the audit trail only grows'); end"
                );
                connection.execute_unprepared(&trigger).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Their triggers go with them.
        ddl::drop_tables(manager, &TABLES).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared("drop function audit_only_grows()").await?;
        }
        Ok(())
    }
}

/// The SQL that leaves a login of PostgreSQL with nothing but INSERT and SELECT on the audit trail. To be run by a
/// superuser, connected to Chancery's database, after the migrations; running it again changes nothing.
///
/// The login must not own the schema or the database either: who owns a schema may drop what lies in it.
///
/// It is refused while the second wall stands, which switches row security on: that spares a table's owner alone, and
/// nothing could be written any more. For the same reason the wall cannot be put up afterwards.
pub fn audit_grants(login: &str) -> String {
    let login = format!("\"{}\"", login.replace('"', "\"\""));
    let mut sql = format!(
        "-- Chancery's audit trail only grows. Run this as a superuser, connected to Chancery's database.\n\
         begin;\n\
         do $$ begin\n  \
           if not exists (select 1 from pg_roles where rolname = '{KEEPER}') then create role {KEEPER} nologin; end if;\n  \
           if (select relrowsecurity from pg_class where oid = 'audit_event'::regclass) then\n    \
             raise exception 'the second wall would shut the login out of the trail: chancery access wall down';\n  \
           end if;\n\
         end $$;\n"
    );
    for table in TABLES {
        sql.push_str(&format!("alter table {table} owner to {KEEPER};\n"));
        sql.push_str(&format!("revoke all on {table} from public, {login};\n"));
        sql.push_str(&format!("grant select, insert on {table} to {login};\n"));
    }
    sql.push_str(&format!(
        "alter function audit_only_grows() owner to {KEEPER};\n\
         -- None of it helps while the login may act as the tables' owner, or own what they lie in.\n\
         revoke {KEEPER} from {login};\n\
         commit;\n"
    ));
    sql
}
