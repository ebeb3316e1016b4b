//! Agencies that support details.

use sea_orm::entity::prelude::*;

/// An agency that supports a detail.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "detail_agency")]
pub struct Model {
    /// The detail.
    #[sea_orm(primary_key, auto_increment = false)]
    pub detail_id: String,
    /// The agency.
    #[sea_orm(primary_key, auto_increment = false)]
    pub agency_id: String,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
