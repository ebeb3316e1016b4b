//! A mission that a liaison serves.

use sea_orm::entity::prelude::*;

/// A mission that a liaison serves.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "liaison_mission")]
pub struct Model {
    /// The liaison.
    #[sea_orm(primary_key, auto_increment = false)]
    pub liaison_id: String,
    /// The mission.
    #[sea_orm(primary_key, auto_increment = false)]
    pub mission_id: String,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
