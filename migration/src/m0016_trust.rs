//! Where an agency's keys are fetched from, if it does not hold them here; and which tokens are void before they expire.

use sea_orm_migration::prelude::*;

use crate::ddl;

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0016_trust"
    }
}

// A revocation is of one token (`jti`), of a subject's tokens, or, with neither, of all of the agency's. After
// `expires_at` no token that it voids could be valid any more, and the row may go.
const UP: &str = r"
alter table agency add column jwks_uri TEXT;
alter table agency add column oidc_discovery boolean not null default false;
create table revocation (
  id TEXT not null primary key,
  agency_id TEXT not null references agency (id) on delete cascade,
  subject TEXT,
  jti TEXT,
  at TEXT not null,
  expires_at TEXT not null,
  reason TEXT not null,
  revoked_by TEXT not null
);
create index revocation_by_token on revocation (agency_id, jti);
create index revocation_by_subject on revocation (agency_id, subject, at);
create index revocation_by_expiry on revocation (expires_at);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::drop_tables(manager, &["revocation"]).await?;
        ddl::run(manager, "alter table agency drop column oidc_discovery; alter table agency drop column jwks_uri")
            .await
    }
}
