//! A concern offered to an agency to act on.

use sea_orm::entity::prelude::*;

/// A concern offered to an agency to act on.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "referral")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The concern.
    pub concern_id: String,
    /// To whom.
    pub agency_id: String,
    /// OFFERED, ACCEPTED, DECLINED or DONE.
    pub status: String,
    /// The agency's own case number.
    pub case_number: Option<String>,
    /// When an answer is due.
    pub due_at: Option<String>,
    /// When it was offered.
    pub offered_at: String,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
