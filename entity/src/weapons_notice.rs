//! Weapons that foreign officers bring.

use sea_orm::entity::prelude::*;

/// A notice of a foreign officer's weapon.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "weapons_notice")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The visit.
    pub visit_id: String,
    /// Who carries it.
    pub officer: String,
    /// Make and model.
    pub make: String,
    /// Serial number.
    pub serial: String,
    /// How it enters and leaves.
    pub route: String,
    /// Who filed it.
    pub filed_by_id: Option<String>,
    /// When.
    pub filed_at: String,
    /// PENDING, GRANTED or DENIED.
    pub decision: String,
    /// Who decided.
    pub decided_by_id: Option<String>,
    /// When.
    pub decided_at: Option<String>,
    /// Why it was denied, or on which terms it was granted.
    pub reason: Option<String>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
