//! Appends events to a chain, within the transaction that it is told of.

use entity::audit_event::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Statement,
};

use super::{Event, event::NOTHING};
use crate::{
    clock::parse_instant,
    error::{Error, Result},
    id,
    store::Transaction,
};

/// Where a chain ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    sequence: i64,
    hash: String,
}

impl Head {
    /// As [`head_column`] tells it; nothing of a chain that has not begun.
    pub fn of_column(told: Option<&str>) -> Result<Self> {
        let Some(told) = told else { return Ok(Self { sequence: 0, hash: NOTHING.to_owned() }) };
        let read = told.split_once('/').and_then(|(sequence, hash)| Some((sequence.parse().ok()?, hash)));
        let (sequence, hash) = read.ok_or_else(|| Error::internal("the end of a chain that cannot be read"))?;
        Ok(Self { sequence, hash: hash.to_owned() })
    }
}

/// An expression that tells where a chain ends, for a statement of whoever holds its lock.
pub fn head_column(writer: &'static str) -> String {
    format!(
        "(select sequence || '/' || hash from audit_event where writer = '{writer}' order by sequence desc limit 1)"
    )
}

/// The row of an event that comes after a chain's end, for whoever has held the chain's lock since the end was read.
pub fn after(head: &Head, writer: &str, event: &Event) -> ActiveModel {
    event.placed(new_id(event), writer, head.sequence + 1, &head.hash).into_active_model()
}

/// PostgreSQL's statement by which a chain is held until the transaction ends.
pub fn lock_of(name: &str) -> String {
    format!("select pg_advisory_xact_lock(hashtext('chancery.audit.{name}'))")
}

/// Events of one insert: well under the parameters that either engine takes (32,766 and 65,535).
const CHUNK: usize = 500;

/// Appends events to a writer's chain, in their order.
///
/// Whoever appends holds the chain until the transaction ends: the head is read and nobody else can come after it. It
/// is taken last, after whatever else a transaction locks, so that nobody who holds a chain waits for anything.
pub async fn append(transaction: &Transaction, writer: &str, events: &[Event]) -> Result<()> {
    let ids: Vec<String> = events.iter().map(new_id).collect();
    lock(transaction, writer).await?;
    let head = head(transaction, writer).await?;
    Ok(append_after(transaction, writer, head, events.iter().zip(ids)).await?)
}

/// The same after a chain's end that was read under its lock, with ids that were chosen before.
pub(super) async fn append_after(
    transaction: &Transaction,
    writer: &str,
    head: Option<Model>,
    events: impl Iterator<Item = (&Event, String)>,
) -> Result<(), DbErr> {
    let (mut sequence, mut hash) = head.map_or_else(|| (0, NOTHING.to_owned()), |head| (head.sequence, head.hash));
    let mut rows = Vec::new();
    for (event, id) in events {
        sequence += 1;
        let row = event.placed(id, writer, sequence, &hash);
        hash.clone_from(&row.hash);
        rows.push(row.into_active_model());
    }
    for rows in rows.chunks(CHUNK) {
        Entity::insert_many(rows.iter().cloned()).exec_without_returning(transaction).await?;
    }
    Ok(())
}

/// An id for an event: ids of events that come one after the other are in their order.
pub(super) fn new_id(event: &Event) -> String {
    id::new(parse_instant(&event.at).unwrap_or(time::OffsetDateTime::UNIX_EPOCH))
}

/// The last event of a chain.
pub(super) async fn head(db: &impl ConnectionTrait, writer: &str) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::Writer.eq(writer)).order_by_desc(Column::Sequence).one(db).await
}

/// One at a time appends to what the name stands for, from here to its commit. SQLite has one writer.
pub(super) async fn lock(transaction: &Transaction, name: &str) -> Result<(), DbErr> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        let sql = "select pg_advisory_xact_lock(hashtext('chancery.audit.' || $1))";
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [name.into()]);
        transaction.execute_raw(statement).await?;
    }
    Ok(())
}
