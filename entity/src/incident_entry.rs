//! Entries in the logs of incidents.

use sea_orm::entity::prelude::*;

/// An entry in the log of an incident; never edited or deleted.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "incident_entry")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The incident.
    pub incident_id: String,
    /// IncidentEntryKind.
    pub kind: String,
    /// Who wrote it.
    pub author_id: String,
    /// TLP 2.0 marking: the incident's when it was written.
    pub tlp: String,
    /// Text.
    pub body: Option<String>,
    /// When.
    pub at: String,
    /// The IncidentStatus it led to, if it records a step.
    pub to_status: Option<String>,
    /// The Severity it led to, if it records a change of it.
    pub to_severity: Option<String>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
