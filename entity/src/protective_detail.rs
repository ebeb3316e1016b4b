//! Protective details.

use sea_orm::entity::prelude::*;

/// A detail; never deleted.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "protective_detail")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// DetailProtectee.
    pub protectee: String,
    /// The visit whose principal it protects.
    pub visit_id: Option<String>,
    /// OPEN or CLOSED.
    pub status: String,
    /// Who leads it.
    pub agent_in_charge_id: String,
    /// Where the protectee is brought.
    pub safe_haven: Option<String>,
    /// When.
    pub opened_at: String,
    /// When it was closed.
    pub closed_at: Option<String>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
