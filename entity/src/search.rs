//! The words by which rows are found, for each depth at which they can be read. Derived, as `visibility` is.

use sea_orm::entity::prelude::*;

/// The words by which rows are found, for each depth at which they can be read. Derived, as `visibility` is.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "search")]
pub struct Model {
    /// Code of `access::Kind`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: i16,
    /// The row.
    #[sea_orm(primary_key, auto_increment = false)]
    pub row_id: String,
    /// Tiers as bits: of those that hold words, exactly these are open to whom this line is for.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tiers: i16,
    /// The row's date, or an empty text.
    pub at: String,
    /// Folded words, each once, in order, a space between.
    pub terms: String,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
