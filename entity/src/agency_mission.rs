//! A mission that an agency is registered for.

use sea_orm::entity::prelude::*;

/// A mission that an agency is registered for.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "agency_mission")]
pub struct Model {
    /// The agency.
    #[sea_orm(primary_key, auto_increment = false)]
    pub agency_id: String,
    /// The mission.
    #[sea_orm(primary_key, auto_increment = false)]
    pub mission_id: String,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
