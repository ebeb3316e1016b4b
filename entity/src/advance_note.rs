//! What was found in advance of a leg.

use sea_orm::entity::prelude::*;

/// A note on a leg; never edited or deleted.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "advance_note")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The visit.
    pub visit_id: String,
    /// The leg; none once it was taken away.
    pub leg_id: Option<String>,
    /// Who wrote it.
    pub author_id: Option<String>,
    /// What was found.
    pub body: String,
    /// When.
    pub at: String,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
