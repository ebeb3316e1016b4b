//! Indexes on coordinates: what is near a point is looked for in a band of latitudes.

use sea_orm_migration::prelude::*;

use crate::ddl;

#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0005_coordinates"
    }
}

const UP: &str = r"
create index mission_by_coordinates on mission (latitude, longitude) where latitude is not null;
create index premises_by_coordinates on premises (latitude, longitude) where latitude is not null;
";

const DOWN: &str = r"
drop index premises_by_coordinates;
drop index mission_by_coordinates;
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
