//! What was done under an idempotency key, kept for a day.

use sea_orm::entity::prelude::*;

/// What was done under an idempotency key, kept for a day.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "performed")]
pub struct Model {
    /// Whose key: the issuer's agency.
    #[sea_orm(primary_key, auto_increment = false)]
    pub agency_id: String,
    /// Whose key: the person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: String,
    /// The command it was given to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub command: String,
    /// The key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub idempotency_key: String,
    /// SHA-256 of the input, hexadecimal.
    pub input_hash: String,
    /// The rows made or changed, a JSON array in the order of the payload.
    pub changed: String,
    /// When.
    pub at: String,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
