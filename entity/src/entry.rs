//! An entry in the log of a concern; never edited or deleted.

use sea_orm::entity::prelude::*;

/// An entry in the log of a concern; never edited or deleted.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "entry")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The concern.
    pub concern_id: String,
    /// EntryKind.
    pub kind: String,
    /// Who wrote it.
    pub author_id: Option<String>,
    /// INTERNAL, MISSION or AGENCIES.
    pub audience: String,
    /// TLP 2.0 marking, never looser in effect than the concern's.
    pub tlp: String,
    /// Text.
    pub body: Option<String>,
    /// When.
    pub at: String,
    /// The ConcernStatus it led to, if it records a step.
    pub to_status: Option<String>,
    /// The Severity it led to, if it records a change of it.
    pub to_severity: Option<String>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
