//! United States missions abroad, and who is posted to them.

use sea_orm_migration::prelude::*;

use crate::ddl;

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0008_posts"
    }
}

const UP: &str = r"
create table post (
  id TEXT not null primary key,
  wikidata_id TEXT unique,
  type TEXT not null,
  name TEXT not null,
  country_id TEXT not null references sending_state (id),
  constituent_of_id TEXT references post (id),
  city TEXT,
  latitude double precision,
  longitude double precision,
  status TEXT not null,
  phone TEXT,
  email TEXT,
  website TEXT,
  opened_on TEXT,
  source_ids TEXT not null,
  imported TEXT
);
create index post_by_name on post (name, id);
create index post_by_country on post (country_id, name, id);
create index post_by_constituent_of on post (constituent_of_id);

alter table person add column post_id TEXT references post (id);
create index person_by_post on person (post_id);
";

const DOWN: &str = r"
drop index person_by_post;
alter table person drop column post_id;
drop table post;
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
