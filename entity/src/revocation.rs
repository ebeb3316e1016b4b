//! Tokens that are void before they expire: one, a subject's, or all of an agency's.

use sea_orm::entity::prelude::*;

/// Tokens that are void before they expire: one by its `jti`, a subject's, or, with neither, all of an agency's.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "revocation")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Whose tokens.
    pub agency_id: String,
    /// The `sub` whose tokens are void.
    pub subject: Option<String>,
    /// The `jti` of the one token that is void.
    pub jti: Option<String>,
    /// When it was revoked. Of a subject or an agency, tokens issued until then are void.
    pub at: String,
    /// From when on no token that it voids could be valid: the row may go.
    pub expires_at: String,
    /// Why, in an operator's words.
    pub reason: String,
    /// Who revoked it, as they said.
    pub revoked_by: String,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
