//! An event of the audit trail.

use sea_orm::entity::prelude::*;

/// An event: it is inserted and never changed. Its hash covers every other column.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_event")]
pub struct Model {
    /// Its id in the graph.
    pub id: String,
    /// Whose chain it is in.
    #[sea_orm(primary_key, auto_increment = false)]
    pub writer: String,
    /// Its place in the chain, counted from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    /// When.
    pub at: String,
    /// The subject of the token; of nobody who was recognised, empty.
    pub subject: Option<String>,
    /// The agency.
    pub agency_id: Option<String>,
    /// The person.
    pub person_id: Option<String>,
    /// The active role.
    pub role: Option<String>,
    /// What was asked for: the name of a command, of an operation, or a document's hash.
    pub operation: String,
    /// The public ids of the rows, a JSON array; of a read, each with the tiers that were disclosed.
    pub object_ids: String,
    /// The grounds that granted it, a JSON array.
    pub grounds: String,
    /// What was decided.
    pub decision: String,
    /// Of a refusal, its code.
    pub code: Option<String>,
    /// The policy by which it was decided.
    pub policy_version: i64,
    /// The hash of the event before it in the chain.
    pub previous_hash: String,
    /// SHA-256 of all of it, hexadecimal.
    pub hash: String,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
