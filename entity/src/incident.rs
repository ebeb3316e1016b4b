//! Incidents at posts.

use sea_orm::entity::prelude::*;

/// What happened to people of a post, at work or at home.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "incident")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// By which people name it.
    pub reference: String,
    /// The post.
    pub post_id: String,
    /// IncidentSetting.
    pub setting: String,
    /// ConcernCategory.
    pub category: String,
    /// Severity.
    pub severity: String,
    /// IncidentStatus.
    pub status: String,
    /// TLP 2.0 marking.
    pub tlp: String,
    /// In one line.
    pub title: String,
    /// What happened.
    pub narrative: String,
    /// When.
    pub occurred_at: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// Who reported it.
    pub reporter_id: String,
    /// When it was reported.
    pub opened_at: String,
    /// When it was resolved, as long as it is.
    pub resolved_at: Option<String>,
    /// When it was closed, as long as it is.
    pub closed_at: Option<String>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
