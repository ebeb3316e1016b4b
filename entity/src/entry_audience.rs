//! An agency named as the audience of an entry.

use sea_orm::entity::prelude::*;

/// An agency named as the audience of an entry.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "entry_audience")]
pub struct Model {
    /// The entry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub entry_id: String,
    /// The agency.
    #[sea_orm(primary_key, auto_increment = false)]
    pub agency_id: String,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
