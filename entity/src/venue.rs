//! Where a visit goes.

use sea_orm::entity::prelude::*;

/// A venue of a visit.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "venue")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The visit.
    pub visit_id: String,
    /// What it is called.
    pub name: String,
    /// VenueKind.
    pub kind: String,
    /// Street address.
    pub address: Option<String>,
    /// What is known of its place: a county (FIPS 6-4), `NYC`, or a state (ISO 3166-2).
    pub area: Option<String>,
    /// Degrees, WGS 84.
    pub latitude: Option<f64>,
    /// Degrees, WGS 84.
    pub longitude: Option<f64>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
