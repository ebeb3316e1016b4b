//! Who asks: sending states, places, agencies with their keys, ceilings and areas, and persons.

use sea_orm_migration::prelude::*;

use crate::ddl;

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0001_registry"
    }
}

const TABLES: &[&str] = &[
    "standing",
    "secret",
    "us_state",
    "county",
    "sending_state",
    "agency",
    "agency_key",
    "agency_area",
    "person",
    "watch_shift",
];

const UP: &str = r"
create table standing (id integer not null primary key check (id = 1), version bigint not null);
insert into standing (id, version) values (1, 1);

create table secret (name TEXT not null primary key, value TEXT not null);

create table us_state (
  code TEXT not null primary key,
  fips TEXT not null unique,
  name TEXT not null
);

create table county (
  fips TEXT not null primary key,
  state TEXT not null references us_state (code),
  name TEXT not null,
  latitude double precision,
  longitude double precision
);
create index county_by_state on county (state, name);

create table sending_state (
  id TEXT not null primary key,
  iso2 TEXT unique,
  iso3 TEXT unique,
  name TEXT not null,
  wikidata_id TEXT unique,
  recognition TEXT,
  protecting_power_id TEXT references sending_state (id),
  imported TEXT
);
create index sending_state_by_name on sending_state (name, id);
create index sending_state_by_protecting_power on sending_state (protecting_power_id);

create table agency (
  id TEXT not null primary key,
  name TEXT not null,
  short_name TEXT,
  kind TEXT not null,
  level TEXT not null,
  ori TEXT unique,
  watch_phone TEXT,
  state TEXT,
  latitude double precision,
  longitude double precision,
  sending_state_id TEXT references sending_state (id),
  state_wide boolean not null,
  issuer TEXT unique,
  audience TEXT,
  token_typ TEXT,
  algorithms TEXT not null,
  max_lifetime_s bigint not null,
  roles TEXT not null,
  quota_rps bigint,
  quota_cost_per_minute bigint,
  suspended_at TEXT,
  made_by_demo boolean not null,
  imported TEXT
);
create index agency_by_name on agency (name, id);
create index agency_by_sending_state on agency (sending_state_id);

create table agency_key (
  agency_id TEXT not null references agency (id) on delete cascade,
  kid TEXT not null,
  jwk TEXT not null,
  added_at TEXT not null,
  primary key (agency_id, kid)
);

create table agency_area (
  agency_id TEXT not null references agency (id) on delete cascade,
  area TEXT not null,
  level TEXT not null,
  source TEXT not null,
  proposed_at TEXT not null,
  confirmed_at TEXT,
  primary key (agency_id, area)
);
create index agency_area_by_area on agency_area (area, agency_id);

create table person (
  id TEXT not null primary key,
  agency_id TEXT not null references agency (id),
  subject TEXT not null,
  name TEXT not null,
  unit TEXT,
  roles TEXT not null,
  sworn boolean not null,
  machine boolean not null,
  cfr28_certified boolean not null,
  desk_phone TEXT,
  mobile_phone TEXT,
  email TEXT,
  host_state_id TEXT references sending_state (id),
  disabled_at TEXT,
  unique (agency_id, subject),
  check (not (machine and sworn))
);
create index person_by_host_state on person (host_state_id);

create table watch_shift (
  id TEXT not null primary key,
  person_id TEXT not null references person (id) on delete cascade,
  starts_at TEXT not null,
  ends_at TEXT not null,
  check (starts_at < ends_at)
);
create index watch_shift_by_person on watch_shift (person_id, ends_at);
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
