//! Programmes of posts.

use sea_orm::entity::prelude::*;

/// A programme that protects people at a post.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "post_programme")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The post.
    pub post_id: String,
    /// ProgrammeKind. A post has one of a kind at a time: the schema holds it.
    pub kind: String,
    /// The day of its last review, ISO 8601.
    pub reviewed_on: Option<String>,
    /// What that came to: ReviewOutcome.
    pub outcome: Option<String>,
    /// By when it is to be reviewed, ISO 8601.
    pub next_review_on: String,
    /// The day from which it is kept no more, ISO 8601.
    pub ended_on: Option<String>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
