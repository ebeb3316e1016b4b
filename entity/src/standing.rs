//! The one row whose version is raised whenever what somebody may see changes for a reason other than a row of the graph: agencies, keys, areas, persons, portfolios, rosters.

use sea_orm::entity::prelude::*;

/// The one row whose version is raised whenever what somebody may see changes for a reason other than a row of the graph: agencies, keys, areas, persons, portfolios, rosters.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "standing")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// Raised by every change of standing; a statement returns it, so that an answer made with older standing is thrown away.
    pub version: i64,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
