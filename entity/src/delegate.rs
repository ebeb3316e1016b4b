//! Who comes along on a visit.

use sea_orm::entity::prelude::*;

/// A member of a delegation.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delegate")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The visit.
    pub visit_id: String,
    /// Who.
    pub name: String,
    /// As what.
    pub capacity: Option<String>,
    /// When they were named.
    pub added_at: String,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
