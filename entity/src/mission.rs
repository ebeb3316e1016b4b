//! A foreign mission in the United States.

use sea_orm::entity::prelude::*;

/// A foreign mission in the United States.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "mission")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Wikidata QID: by it a later file finds the mission again.
    pub wikidata_id: Option<String>,
    /// MissionType.
    #[sea_orm(column_name = "type")]
    pub r#type: String,
    /// Name in English.
    pub name: String,
    /// Who sends it.
    pub sending_state_id: Option<String>,
    /// The mission it belongs to.
    pub parent_id: Option<String>,
    /// City of the seat.
    pub city: Option<String>,
    /// ISO 3166-2 of the seat.
    pub state: Option<String>,
    /// County of the seat, when it is certain.
    pub county_fips: Option<String>,
    /// COUNTY, MULTI_COUNTY or STATE: how closely the place is known.
    pub jurisdiction_precision: Option<String>,
    /// The smallest known area that holds it: a county FIPS code, `NYC`, or an ISO 3166-2 state.
    pub area: Option<String>,
    /// Degrees, WGS 84.
    pub latitude: Option<f64>,
    /// Degrees, WGS 84.
    pub longitude: Option<f64>,
    /// Regional office of the Office of Foreign Missions.
    pub ofm_region: Option<String>,
    /// OPEN, SUSPENDED or CLOSED.
    pub status: String,
    /// E.164.
    pub switchboard: Option<String>,
    /// E.164.
    pub duty_phone: Option<String>,
    /// RFC 5322 addr-spec.
    pub email: Option<String>,
    /// URL.
    pub website: Option<String>,
    /// ISO 8601 date.
    pub opened_on: Option<String>,
    /// Assessed need of protection.
    pub protective_need: Option<String>,
    /// How it is guarded.
    pub guard_posture: Option<String>,
    /// Internal note.
    pub analyst_note: Option<String>,
    /// Identifiers in public sources, a JSON array.
    pub source_ids: String,
    /// What the last import wrote, as JSON.
    pub imported: Option<String>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
