//! Shifts of details.

use sea_orm::entity::prelude::*;

/// A shift of one agent on a detail. One agent is never on two at a time: the schema holds it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "shift")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The detail.
    pub detail_id: String,
    /// Who.
    pub person_id: String,
    /// ShiftRole.
    pub role: String,
    /// First instant.
    pub starts_at: String,
    /// First instant after.
    pub ends_at: String,
    /// The shift that it took over.
    pub relieves_id: Option<String>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
