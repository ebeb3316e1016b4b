//! Reviews of programmes.

use sea_orm::entity::prelude::*;

/// What a review of a programme came to; never edited or deleted.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "programme_review")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The post.
    pub post_id: String,
    /// The programme.
    pub programme_id: String,
    /// The day, ISO 8601.
    pub reviewed_on: String,
    /// ReviewOutcome.
    pub outcome: String,
    /// What was seen.
    pub summary: String,
    /// By when it was to be reviewed again, ISO 8601.
    pub next_review_on: String,
    /// Who wrote it down.
    pub recorded_by_id: Option<String>,
    /// When.
    pub recorded_at: String,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
