//! What the graph holds: missions and their people, liaisons, concerns and what hangs on them.

use sea_orm_migration::prelude::*;

use crate::ddl;

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0002_graph"
    }
}

const TABLES: &[&str] = &[
    "mission",
    "mission_accreditation",
    "premises",
    "security_contact",
    "agency_mission",
    "portfolio",
    "liaison",
    "liaison_mission",
    "concern",
    "entry",
    "entry_audience",
    "referral",
    "share",
];

const UP: &str = r"
create table mission (
  id TEXT not null primary key,
  wikidata_id TEXT unique,
  type TEXT not null,
  name TEXT not null,
  sending_state_id TEXT references sending_state (id),
  parent_id TEXT references mission (id),
  city TEXT,
  state TEXT,
  county_fips TEXT,
  jurisdiction_precision TEXT,
  area TEXT,
  latitude double precision,
  longitude double precision,
  ofm_region TEXT,
  status TEXT not null,
  switchboard TEXT,
  duty_phone TEXT,
  email TEXT,
  website TEXT,
  opened_on TEXT,
  protective_need TEXT,
  guard_posture TEXT,
  analyst_note TEXT,
  source_ids TEXT not null,
  imported TEXT
);
create index mission_by_name on mission (name, id);
create index mission_by_sending_state on mission (sending_state_id, name, id);
create index mission_by_parent on mission (parent_id);
create index mission_by_area on mission (area);

create table mission_accreditation (
  mission_id TEXT not null references mission (id) on delete cascade,
  sending_state_id TEXT not null references sending_state (id),
  primary key (mission_id, sending_state_id)
);
create index mission_accreditation_by_state on mission_accreditation (sending_state_id, mission_id);

create table premises (
  id TEXT not null primary key,
  mission_id TEXT not null references mission (id),
  kind TEXT not null,
  address TEXT,
  latitude double precision,
  longitude double precision
);
create index premises_by_mission on premises (mission_id, kind, id);

create table security_contact (
  id TEXT not null primary key,
  mission_id TEXT not null references mission (id),
  function TEXT not null,
  name TEXT not null,
  title TEXT,
  work_phone TEXT,
  work_email TEXT,
  after_hours_phone TEXT,
  vetted_until TEXT,
  is_primary boolean not null
);
create index security_contact_by_mission on security_contact (mission_id, function, id);
create index security_contact_by_function on security_contact (function, id);

create table agency_mission (
  agency_id TEXT not null references agency (id) on delete cascade,
  mission_id TEXT not null references mission (id),
  primary key (agency_id, mission_id)
);
create index agency_mission_by_mission on agency_mission (mission_id, agency_id);

create table portfolio (
  person_id TEXT not null references person (id) on delete cascade,
  mission_id TEXT not null references mission (id),
  primary key (person_id, mission_id)
);
create index portfolio_by_mission on portfolio (mission_id, person_id);

create table liaison (
  id TEXT not null primary key,
  agency_id TEXT not null references agency (id),
  unit TEXT,
  name TEXT not null,
  desk_phone TEXT,
  mobile_phone TEXT,
  email TEXT,
  sworn boolean not null,
  cfr28_certified boolean not null
);
create index liaison_by_agency on liaison (agency_id, unit, id);
create index liaison_by_unit on liaison (unit, id);

create table liaison_mission (
  liaison_id TEXT not null references liaison (id) on delete cascade,
  mission_id TEXT not null references mission (id),
  primary key (liaison_id, mission_id)
);
create index liaison_mission_by_mission on liaison_mission (mission_id, liaison_id);

create table concern (
  id TEXT not null primary key,
  reference TEXT not null unique,
  kind TEXT not null,
  category TEXT not null,
  nibrs_code TEXT,
  severity TEXT not null,
  status TEXT not null,
  mission_id TEXT not null references mission (id),
  premises_id TEXT references premises (id),
  title TEXT not null,
  narrative TEXT not null,
  occurred_at TEXT,
  latitude double precision,
  longitude double precision,
  origin_agency_id TEXT not null references agency (id),
  origin_mission_id TEXT references mission (id),
  reporter_id TEXT references person (id),
  reporter_pseudonym TEXT,
  subjects TEXT not null,
  owner_id TEXT references person (id),
  incident_area TEXT,
  tlp TEXT not null,
  cui TEXT,
  opened_at TEXT not null
);
create index concern_by_opened on concern (opened_at, id);
create index concern_by_mission on concern (mission_id, opened_at, id);
create index concern_by_status on concern (status, opened_at, id);
create index concern_by_severity on concern (severity, opened_at, id);
create index concern_by_origin_mission on concern (origin_mission_id);
create index concern_by_origin_agency on concern (origin_agency_id);
create index concern_by_reporter on concern (reporter_id);
create index concern_by_owner on concern (owner_id, opened_at, id);
create index concern_by_premises on concern (premises_id);

create table entry (
  id TEXT not null primary key,
  concern_id TEXT not null references concern (id),
  kind TEXT not null,
  author_id TEXT references person (id),
  audience TEXT not null,
  tlp TEXT not null,
  body TEXT,
  at TEXT not null
);
create index entry_by_concern on entry (concern_id, at, id);

create table entry_audience (
  entry_id TEXT not null references entry (id) on delete cascade,
  agency_id TEXT not null references agency (id),
  primary key (entry_id, agency_id)
);

create table referral (
  id TEXT not null primary key,
  concern_id TEXT not null references concern (id),
  agency_id TEXT not null references agency (id),
  status TEXT not null,
  case_number TEXT,
  due_at TEXT,
  offered_at TEXT not null
);
create index referral_by_concern on referral (concern_id, offered_at, id);
create index referral_by_agency on referral (agency_id, status, concern_id);

create table share (
  id TEXT not null primary key,
  concern_id TEXT not null references concern (id),
  agency_id TEXT references agency (id),
  person_id TEXT references person (id),
  tier_cap TEXT not null,
  tlp_cap TEXT not null,
  reason TEXT not null,
  shared_at TEXT not null,
  expires_at TEXT,
  revoked_at TEXT,
  check ((agency_id is null) <> (person_id is null))
);
create index share_by_concern on share (concern_id, shared_at, id);
create index share_by_agency on share (agency_id, concern_id);
create index share_by_person on share (person_id, concern_id);
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
