//! Where visits are in each other's way.

use sea_orm::entity::prelude::*;

/// A conflict that was found; kept while it holds.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visit_conflict")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The visit.
    pub visit_id: String,
    /// VisitConflictKind.
    pub kind: String,
    /// Its leg.
    pub leg_id: Option<String>,
    /// The visit that it is in the way of.
    pub other_visit_id: Option<String>,
    /// From when.
    pub starts_at: String,
    /// Until when.
    pub ends_at: String,
    /// When it was found.
    pub found_at: String,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
