//! Tours of duty at posts.

use sea_orm::entity::prelude::*;

/// From when until when somebody serves at a post. It is written down, and grants nothing.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tour")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The post.
    pub post_id: String,
    /// TourCapacity.
    pub capacity: String,
    /// Who.
    pub name: String,
    /// The first day, ISO 8601.
    pub starts_on: String,
    /// The last day, ISO 8601.
    pub ends_on: Option<String>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
