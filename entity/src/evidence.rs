//! What was handed in about a concern: its name, its hash, and where it lies. None of its bytes.

use sea_orm::entity::prelude::*;

/// What was handed in about a concern; never edited or deleted.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evidence")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The concern.
    pub concern_id: String,
    /// The entry by which it was added: it is for whom that was written.
    pub entry_id: String,
    /// What it is.
    pub name: String,
    /// SHA-256 of its bytes: 64 hexadecimal digits, in lower case.
    pub sha256: String,
    /// A URL, or whatever its holder finds it by.
    pub pointer: String,
    /// TLP marking.
    pub tlp: String,
    /// When it was added.
    pub added_at: String,
    /// Who added it.
    pub added_by_id: Option<String>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
