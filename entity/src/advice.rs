//! Advice to chiefs of mission.

use sea_orm::entity::prelude::*;

/// What a chief of mission was advised, and what they decided.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "advice")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The post.
    pub post_id: String,
    /// The finding that it is about.
    pub finding_id: Option<String>,
    /// In one line.
    pub subject: String,
    /// What was advised.
    pub body: String,
    /// The name of the chief of mission by their tour.
    pub given_to: Option<String>,
    /// Who advised.
    pub advised_by_id: String,
    /// When.
    pub advised_at: String,
    /// AdviceDecision.
    pub decision: String,
    /// When it was decided.
    pub decided_at: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
