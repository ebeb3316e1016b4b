//! Findings in programmes.

use sea_orm::entity::prelude::*;

/// What is wanting in a programme.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "finding")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The post.
    pub post_id: String,
    /// The programme.
    pub programme_id: String,
    /// The review that found it.
    pub review_id: Option<String>,
    /// Severity.
    pub severity: String,
    /// What is wanting.
    pub body: String,
    /// Who wrote it down.
    pub found_by_id: Option<String>,
    /// When.
    pub found_at: String,
    /// By when it is to be put right, ISO 8601.
    pub due_on: String,
    /// When it was.
    pub resolved_at: Option<String>,
    /// How.
    pub resolution: Option<String>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
