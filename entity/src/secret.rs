//! Secrets of this installation, shared by every server of the same database.

use sea_orm::entity::prelude::*;

/// Secrets of this installation, shared by every server of the same database.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "secret")]
pub struct Model {
    /// What it is for: `cursor`, `pseudonym`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// 256 random bits, hexadecimal.
    pub value: String,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
