//! A concern shown to an agency or to one person, to a depth and a marking.

use sea_orm::entity::prelude::*;

/// A concern shown to an agency or to one person, to a depth and a marking.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "share")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The concern.
    pub concern_id: String,
    /// The agency, if to an agency.
    pub agency_id: Option<String>,
    /// The person, if to one person.
    pub person_id: Option<String>,
    /// The tiers it opens at most, as letters: `DC`.
    pub tier_cap: String,
    /// It sleeps while the concern is marked above this.
    pub tlp_cap: String,
    /// Why it was shared.
    pub reason: String,
    /// When it was shared.
    pub shared_at: String,
    /// First instant it no longer holds.
    pub expires_at: Option<String>,
    /// When it was revoked.
    pub revoked_at: Option<String>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
