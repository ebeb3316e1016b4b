//! An agency's word that it has an advisory.

use sea_orm::entity::prelude::*;

/// An agency's word that it has an advisory; one of each agency.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "acknowledgement")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The advisory.
    pub advisory_id: String,
    /// Whose word it is.
    pub agency_id: String,
    /// Who gave it.
    pub person_id: String,
    /// When it was given.
    pub acknowledged_at: String,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
