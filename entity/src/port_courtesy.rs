//! Courtesies of the port, asked for a visit.

use sea_orm::entity::prelude::*;

/// A request to be received at a port of entry, or seen off.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "port_courtesy")]
pub struct Model {
    /// UUIDv7 in base32.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The visit.
    pub visit_id: String,
    /// ARRIVAL or DEPARTURE.
    pub direction: String,
    /// The port.
    pub port: String,
    /// By what: flight, ship, train.
    pub carrier: Option<String>,
    /// When the principal passes.
    pub at: String,
    /// Why it was asked for so late.
    pub late_reason: Option<String>,
    /// Who asked.
    pub requested_by_id: Option<String>,
    /// When.
    pub requested_at: String,
    /// PENDING, GRANTED or DENIED.
    pub decision: String,
    /// Who decided.
    pub decided_by_id: Option<String>,
    /// When.
    pub decided_at: Option<String>,
    /// Why it was denied.
    pub reason: Option<String>,
}

/// Joins are written in `read`, from the model.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
