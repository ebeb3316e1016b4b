//! A law enforcement liaison: whom a mission calls at an agency.

use sea_orm::entity::prelude::*;

/// A law enforcement liaison: whom a mission calls at an agency.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "liaison")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The agency.
    pub agency_id: String,
    /// Unit within the agency.
    pub unit: Option<String>,
    /// Name as written.
    pub name: String,
    /// E.164.
    pub desk_phone: Option<String>,
    /// E.164.
    pub mobile_phone: Option<String>,
    /// RFC 5322 addr-spec.
    pub email: Option<String>,
    /// Sworn officer.
    pub sworn: bool,
    /// Certified for 28 CFR part 23.
    pub cfr28_certified: bool,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
