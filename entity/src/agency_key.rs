//! A public key of an agency (RFC 7517).

use sea_orm::entity::prelude::*;

/// A public key of an agency (RFC 7517).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "agency_key")]
pub struct Model {
    /// The agency.
    #[sea_orm(primary_key, auto_increment = false)]
    pub agency_id: String,
    /// Key id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kid: String,
    /// The public JWK as JSON.
    pub jwk: String,
    /// When it was added.
    pub added_at: String,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
