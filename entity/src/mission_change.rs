//! What a mission says has become of how to reach it.

use sea_orm::entity::prelude::*;

/// A proposed change of a mission; never edited once it is decided, never deleted.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mission_change")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The mission.
    pub mission_id: String,
    /// PROPOSED, ACCEPTED or DECLINED.
    pub status: String,
    /// The fields of which it speaks, a JSON array: of the others the columns below say nothing.
    pub proposes: String,
    /// E.164; none takes the number away.
    pub switchboard: Option<String>,
    /// E.164; none takes the number away.
    pub duty_phone: Option<String>,
    /// RFC 5322 addr-spec; none takes the address away.
    pub email: Option<String>,
    /// URL; none takes the address away.
    pub website: Option<String>,
    /// What it was when this was proposed.
    pub switchboard_before: Option<String>,
    /// What it was when this was proposed.
    pub duty_phone_before: Option<String>,
    /// What it was when this was proposed.
    pub email_before: Option<String>,
    /// What it was when this was proposed.
    pub website_before: Option<String>,
    /// Who proposed it.
    pub proposed_by_id: String,
    /// When.
    pub proposed_at: String,
    /// Who decided.
    pub decided_by_id: Option<String>,
    /// When.
    pub decided_at: Option<String>,
    /// Why it was declined.
    pub reason: Option<String>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
