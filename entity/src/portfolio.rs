//! A mission in a liaison officer's portfolio.

use sea_orm::entity::prelude::*;

/// A mission in a liaison officer's portfolio.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "portfolio")]
pub struct Model {
    /// The officer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: String,
    /// The mission.
    #[sea_orm(primary_key, auto_increment = false)]
    pub mission_id: String,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
