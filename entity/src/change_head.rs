//! The one row that says where the events of changes begin and end.

use sea_orm::entity::prelude::*;

/// The one row that says where the events of changes begin and end.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "change_head")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// The last event's number.
    pub last: i64,
    /// The number of the last event that was thrown away.
    pub pruned: i64,
    /// Until when it was told what changes by the clock alone; empty where it never was.
    pub clock: String,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
