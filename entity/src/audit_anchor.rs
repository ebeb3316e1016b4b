//! An anchor of the audit trail.

use sea_orm::entity::prelude::*;

/// Where every chain stood at one moment.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_anchor")]
pub struct Model {
    /// Its place among the anchors, counted from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    /// When.
    pub at: String,
    /// The last event of every writer: a JSON array of `[writer, sequence, hash]`, by writer.
    pub heads: String,
    /// The hash of the anchor before it.
    pub previous_hash: String,
    /// SHA-256 of all of it, hexadecimal.
    pub hash: String,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
