//! A warning to those it is addressed to.

use sea_orm::entity::prelude::*;

/// A warning, in the terms of OASIS CAP 1.2; never edited or deleted.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "advisory")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// ALERT, UPDATE or CANCEL.
    pub msg_type: String,
    /// AdvisoryUrgency.
    pub urgency: String,
    /// AdvisorySeverity.
    pub severity: String,
    /// AdvisoryCertainty.
    pub certainty: String,
    /// In one line.
    pub headline: String,
    /// What it says.
    pub body: String,
    /// To whom it is addressed: a JSON list, as `["AREA:US-NY","MISSIONS"]`. An empty one is nobody.
    pub audience: String,
    /// When it was sent.
    pub sent_at: String,
    /// First instant it no longer holds.
    pub expires_at: Option<String>,
    /// The advisory in whose place it was sent.
    pub supersedes_id: Option<String>,
    /// Who sent it.
    pub issued_by_id: Option<String>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
