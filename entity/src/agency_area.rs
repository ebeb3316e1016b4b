//! An area of an agency: a proposal until it is confirmed; only a confirmed area grants anything.

use sea_orm::entity::prelude::*;

/// An area of an agency: a proposal until it is confirmed; only a confirmed area grants anything.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "agency_area")]
pub struct Model {
    /// The agency.
    #[sea_orm(primary_key, auto_increment = false)]
    pub agency_id: String,
    /// `US`, an ISO 3166-2 state, or a county FIPS code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub area: String,
    /// NATIONAL, STATE or COUNTY.
    pub level: String,
    /// Who proposed it: IMPORT, ADMINISTRATOR or DEMO.
    pub source: String,
    /// When it was proposed.
    pub proposed_at: String,
    /// When an administrator confirmed it.
    pub confirmed_at: Option<String>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
