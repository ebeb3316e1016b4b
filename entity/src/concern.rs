//! A problem, question or concern about the security of a mission.

use sea_orm::entity::prelude::*;

/// A problem, question or concern about the security of a mission.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "concern")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Random with a check digit, as `C-2026-7K3QX9`.
    pub reference: String,
    /// ConcernKind.
    pub kind: String,
    /// ConcernCategory.
    pub category: String,
    /// NIBRS offense code (FBI).
    pub nibrs_code: Option<String>,
    /// Severity.
    pub severity: String,
    /// ConcernStatus.
    pub status: String,
    /// The mission it is about.
    pub mission_id: String,
    /// Where, if at premises of the mission.
    pub premises_id: Option<String>,
    /// One line.
    pub title: String,
    /// What happened.
    pub narrative: String,
    /// When it happened.
    pub occurred_at: Option<String>,
    /// Degrees, WGS 84.
    pub latitude: Option<f64>,
    /// Degrees, WGS 84.
    pub longitude: Option<f64>,
    /// The agency that raised it.
    pub origin_agency_id: String,
    /// The mission that raised it: to it the concern belongs.
    pub origin_mission_id: Option<String>,
    /// The person who raised it.
    pub reporter_id: Option<String>,
    /// Keyed hash of the reporter, stable within a mission.
    pub reporter_pseudonym: Option<String>,
    /// Whom it concerns, a JSON array of texts.
    pub subjects: String,
    /// To whom it is assigned.
    pub owner_id: Option<String>,
    /// Where it happened: a county FIPS code, `NYC`, or an ISO 3166-2 state.
    pub incident_area: Option<String>,
    /// TLP 2.0 marking.
    pub tlp: String,
    /// CUI banner.
    pub cui: Option<String>,
    /// When it was raised.
    pub opened_at: String,
    /// How often its status, severity or marking changed.
    pub changes: i64,
    /// How often its officer changed.
    pub handovers: i64,
    /// Of which concern it is a duplicate.
    pub duplicate_of_id: Option<String>,
    /// The visit that it has to do with.
    pub visit_id: Option<String>,
    /// Derived: the targets of the response clock as JSON, each `[from, due, met, ended]`.
    pub clock: Option<String>,
    /// Derived: the earliest instant at which something is owed.
    pub next_due_at: Option<String>,
    /// Derived: how the clock stands when nothing is due at an instant.
    pub clock_rest: Option<String>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
