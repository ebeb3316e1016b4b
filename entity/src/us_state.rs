//! A state, district or territory of the United States (Census state list).

use sea_orm::entity::prelude::*;

/// A state, district or territory of the United States (Census state list).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "us_state")]
pub struct Model {
    /// ISO 3166-2, as `US-NY`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// Two digits, FIPS 5-2.
    pub fips: String,
    /// Its name in English.
    pub name: String,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
