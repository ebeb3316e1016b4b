//! Words by which rows are found: for each row, one line for each set of tiers that may be open to its reader.
//!
//! The words come folded and apart (`model::words`), so that neither engine's own idea of a word matters: PostgreSQL
//! takes them as lexemes as they stand, SQLite's index splits at spaces.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::ddl;

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0007_search"
    }
}

const POSTGRES: &str = r"
create table search (
  kind smallint not null,
  row_id TEXT not null,
  tiers smallint not null,
  at TEXT not null,
  terms TEXT not null,
  words tsvector not null generated always as (array_to_tsvector(string_to_array(terms, ' '))) stored,
  primary key (kind, row_id, tiers)
);
create index search_by_words on search using gin (words);
";

// `doc` is named so that VACUUM keeps it: the index of words points to it.
const SQLITE: &str = r"
create table search (
  doc integer primary key,
  kind smallint not null,
  row_id TEXT not null,
  tiers smallint not null,
  at TEXT not null,
  terms TEXT not null,
  unique (kind, row_id, tiers)
);
create virtual table search_words using fts5 (
  terms, content = 'search', content_rowid = 'doc', tokenize = 'ascii', detail = none, columnsize = 0, prefix = '2 3'
);
";

/// The index of words follows the table. Each is one statement, with statements inside.
const TRIGGERS: [&str; 3] = [
    "create trigger search_inserted after insert on search begin
       insert into search_words (rowid, terms) values (new.doc, new.terms);
     end",
    "create trigger search_deleted after delete on search begin
       insert into search_words (search_words, rowid, terms) values ('delete', old.doc, old.terms);
     end",
    "create trigger search_updated after update on search begin
       insert into search_words (search_words, rowid, terms) values ('delete', old.doc, old.terms);
       insert into search_words (rowid, terms) values (new.doc, new.terms);
     end",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Postgres {
            return ddl::run(manager, POSTGRES).await;
        }
        ddl::run(manager, SQLITE).await?;
        for trigger in TRIGGERS {
            manager.get_connection().execute_unprepared(trigger).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Postgres {
            return ddl::drop_tables(manager, &["search"]).await;
        }
        ddl::drop_tables(manager, &["search", "search_words"]).await
    }
}
