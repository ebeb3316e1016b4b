//! A visit of a dignitary.

use sea_orm::entity::prelude::*;

/// A visit; never deleted.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visit")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// By which people name it.
    pub reference: String,
    /// The mission that announced it.
    pub mission_id: String,
    /// The sending state, as it was when it was announced.
    pub sending_state_id: Option<String>,
    /// Who visits.
    pub principal: String,
    /// VisitRank.
    pub rank: String,
    /// The city of the visit.
    pub city: String,
    /// The first day, ISO 8601, where the visit is.
    pub arrives_on: String,
    /// The last day.
    pub departs_on: String,
    /// VisitStatus.
    pub status: String,
    /// Why it was declined or called off.
    pub reason: Option<String>,
    /// What is to be feared.
    pub threat_assessment: Option<String>,
    /// Who announced it.
    pub announced_by_id: Option<String>,
    /// When.
    pub announced_at: String,
    /// When it was accepted.
    pub accepted_at: Option<String>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
