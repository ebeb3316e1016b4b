//! A security contact of a mission.

use sea_orm::entity::prelude::*;

/// A security contact of a mission.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "security_contact")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Whose.
    pub mission_id: String,
    /// ContactFunction.
    pub function: String,
    /// Name as written.
    pub name: String,
    /// Title.
    pub title: Option<String>,
    /// E.164.
    pub work_phone: Option<String>,
    /// RFC 5322 addr-spec.
    pub work_email: Option<String>,
    /// E.164.
    pub after_hours_phone: Option<String>,
    /// ISO 8601 date.
    pub vetted_until: Option<String>,
    /// First to call.
    pub is_primary: bool,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
