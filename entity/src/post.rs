//! A United States mission abroad.

use sea_orm::entity::prelude::*;

/// A United States mission abroad.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "post")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Wikidata QID: by it a later file finds the post again.
    pub wikidata_id: Option<String>,
    /// PostType.
    #[sea_orm(column_name = "type")]
    pub r#type: String,
    /// Name in English.
    pub name: String,
    /// The state in which it lies.
    pub country_id: String,
    /// The post it belongs to, as a consulate to its embassy.
    pub constituent_of_id: Option<String>,
    /// City of its seat.
    pub city: Option<String>,
    /// Degrees, WGS 84.
    pub latitude: Option<f64>,
    /// Degrees, WGS 84.
    pub longitude: Option<f64>,
    /// OPEN, SUSPENDED or CLOSED.
    pub status: String,
    /// E.164.
    pub phone: Option<String>,
    /// RFC 5322 addr-spec.
    pub email: Option<String>,
    /// URL.
    pub website: Option<String>,
    /// ISO 8601 date.
    pub opened_on: Option<String>,
    /// Identifiers in public sources, a JSON array.
    pub source_ids: String,
    /// What the last import wrote, as JSON.
    pub imported: Option<String>,
    /// What is done in an emergency.
    pub emergency_plan: Option<String>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
