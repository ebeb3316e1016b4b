//! Who is on a detail.

use sea_orm::entity::prelude::*;

/// That somebody is on a detail, from when until when.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The detail.
    pub detail_id: String,
    /// Who.
    pub person_id: String,
    /// First instant.
    pub starts_at: String,
    /// First instant after; none while it is not known.
    pub ends_at: Option<String>,
    /// When they were assigned.
    pub assigned_at: String,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
