//! A turn on the watch roster.

use sea_orm::entity::prelude::*;

/// A turn on the watch roster.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "watch_shift")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Who is on watch.
    pub person_id: String,
    /// First instant.
    pub starts_at: String,
    /// First instant after it.
    pub ends_at: String,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
