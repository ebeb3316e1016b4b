//! That a row changed: what streams are made of, in the order of commits.

use sea_orm::entity::prelude::*;

/// That a row changed: what streams are made of, in the order of commits.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "change_event")]
pub struct Model {
    /// Its place: whoever has seen an event has seen every earlier one committed.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    /// When.
    pub at: String,
    /// Code of the row's type.
    pub kind: i16,
    /// The row.
    pub row_id: String,
    /// What is known of the change, as JSON; no content.
    pub fact: String,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
