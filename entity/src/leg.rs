//! What a visit does, hour by hour.

use sea_orm::entity::prelude::*;

/// A leg of a visit.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "leg")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The visit.
    pub visit_id: String,
    /// LegKind.
    pub kind: String,
    /// Where.
    pub venue_id: Option<String>,
    /// What is known of its place; its venue's unless another was said.
    pub area: Option<String>,
    /// First instant.
    pub starts_at: String,
    /// First instant after.
    pub ends_at: String,
    /// What is done.
    pub note: Option<String>,
    /// By which streets.
    pub route: Option<String>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
