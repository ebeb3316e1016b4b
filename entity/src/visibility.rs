//! Who may see which row: what `access::emit` says, kept with the row. Derived; `chancery access rebuild` makes it anew.

use sea_orm::entity::prelude::*;

/// Who may see which row: what `access::emit` says, kept with the row. Derived; `chancery access rebuild` makes it anew.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "visibility")]
pub struct Model {
    /// The row.
    #[sea_orm(primary_key, auto_increment = false)]
    pub row_id: String,
    /// The key that opens it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// Code of `access::Ground`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ground: i16,
    /// Tiers as bits: at most these; for a child row, the tiers its parent must show.
    #[sea_orm(primary_key, auto_increment = false)]
    pub cap: i16,
    /// First instant of the window.
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_at: String,
    /// First instant after the window.
    #[sea_orm(primary_key, auto_increment = false)]
    pub until_at: String,
    /// The highest TLP that this ground survives (0 CLEAR to 4 RED).
    #[sea_orm(primary_key, auto_increment = false)]
    pub tlp_max: i16,
    /// Code of `access::Kind`.
    pub kind: i16,
    /// The instant by which rows of the type are listed, empty where they have none; null for a child.
    pub at: Option<String>,
    /// The row on which a list of the type hangs, where there is such a list.
    pub under: Option<String>,
    /// Where somebody is responsible for the row by the line: the earliest instant at which something is owed on it.
    pub owed: Option<String>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
