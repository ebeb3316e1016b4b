//! A county or what stands for one (Census Gazetteer).

use sea_orm::entity::prelude::*;

/// A county or what stands for one (Census Gazetteer).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "county")]
pub struct Model {
    /// Five digits: state and county.
    #[sea_orm(primary_key, auto_increment = false)]
    pub fips: String,
    /// ISO 3166-2 of its state.
    pub state: String,
    /// Name with its kind, as `Cook County`.
    pub name: String,
    /// Degrees, WGS 84, of an inner point.
    pub latitude: Option<f64>,
    /// Degrees, WGS 84, of an inner point.
    pub longitude: Option<f64>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
